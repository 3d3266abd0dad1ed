package dev.adagrad.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;

import static dev.adagrad.Json.json;

/// Makes tokens by hand (RFC 7515, RFC 7519), signed by RS256.
record TestIssuer(KeyPair keys) {

	static TestIssuer create() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
			generator.initialize(2048);
			return new TestIssuer(generator.generateKeyPair());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	PublicKey key() {
		return this.keys.getPublic();
	}

	/// @param header in JSON, as [dev.adagrad.Json] reads it; so are the claims
	String signed(String header, String claims) throws GeneralSecurityException {
		String text = unsigned(header, claims);
		Signature signature = Signature.getInstance("SHA256withRSA");
		signature.initSign(this.keys.getPrivate());
		signature.update(text.getBytes(StandardCharsets.US_ASCII));
		return text + "." + part(signature.sign());
	}

	/// A token without its last part.
	static String unsigned(String header, String claims) {
		return part(json(header).getBytes(StandardCharsets.UTF_8)) + "."
				+ part(json(claims).getBytes(StandardCharsets.UTF_8));
	}

	/// As a part of a token has its bytes.
	static String part(byte[] bytes) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

}
