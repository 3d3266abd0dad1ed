package dev.adagrad.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.adagrad.TestClient;
import dev.adagrad.TestClient.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Callers with tokens of an issuer.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "adagrad.access.jwt.tenant-claim=team", "adagrad.access.jwt.scope-prefix=adagrad:" })
class TokensTest {

	private static final TestIssuer ISSUER = TestIssuer.create();

	@LocalServerPort
	private int port;

	private TestClient client;

	@DynamicPropertySource
	static void issuer(DynamicPropertyRegistry settings) throws IOException {
		Path file = Files.createTempFile("issuer", ".pem");
		file.toFile().deleteOnExit();
		Files.writeString(file, pem());
		settings.add("spring.security.oauth2.resourceserver.jwt.public-key-location", () -> file.toUri().toString());
	}

	private static String pem() {
		return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(ISSUER.key().getEncoded())
				+ "\n-----END PUBLIC KEY-----\n";
	}

	private static String signed(TestIssuer by, String claims) throws GeneralSecurityException {
		return by.signed("{'alg':'RS256'}", claims);
	}

	private static String claims(long secondsLeft, String scopes, String more) {
		return "{'sub':'alice','exp':" + (Instant.now().getEpochSecond() + secondsLeft) + ",'scope':" + scopes + more
				+ "}";
	}

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
	}

	private Answer list(String token) {
		return this.client.get("/adagrad/sessions", "Authorization", "Bearer " + token);
	}

	@Test
	void scopesAndTenantStandInTheClaims() throws GeneralSecurityException {
		String reader = signed(ISSUER, claims(300, "'adagrad:read openid'", ",'team':'a'"));
		String worker = signed(ISSUER, claims(300, "['adagrad:step','x']", ",'team':'a'"));
		String other = signed(ISSUER, claims(300, "['adagrad:read']", ",'team':'b'"));
		Answer created = this.client.send("PUT", "/adagrad/sessions/of-a", json("{'size':2}"), "Content-Type",
				"application/json", "Authorization", "Bearer " + worker);
		assertThat(created.status()).isEqualTo(201);
		assertThat(list(reader).body()).contains("of-a");
		assertThat(list(other).body()).doesNotContain("of-a");
		assertThat(list(worker).problemCode()).isEqualTo("forbidden");
		assertThat(list(signed(ISSUER, claims(300, "'read'", ",'team':'a'"))).problemCode()).as("without the prefix")
			.isEqualTo("forbidden");
		assertThat(
				this.client.send("DELETE", "/adagrad/sessions/of-a", "", "Authorization", "Bearer " + worker).status())
			.as("its subject has created it")
			.isEqualTo(204);
	}

	@Test
	void otherTokensAreRefused() throws GeneralSecurityException {
		String good = claims(300, "'adagrad:read'", ",'team':'a'");
		assertThat(list(signed(ISSUER, good)).status()).isEqualTo(200);
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(pem().getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
		String byPublicKey = TestIssuer.unsigned("{'alg':'HS256'}", good);
		String token = signed(ISSUER, good);
		for (String bad : new String[] { signed(TestIssuer.create(), good),
				TestIssuer.unsigned("{'alg':'none'}", good) + ".",
				byPublicKey + "." + TestIssuer.part(mac.doFinal(byPublicKey.getBytes(StandardCharsets.US_ASCII))),
				signed(ISSUER, claims(-300, "'adagrad:read'", ",'team':'a'")),
				signed(ISSUER,
						claims(900, "'adagrad:read'", ",'team':'a','nbf':" + (Instant.now().getEpochSecond() + 600))),
				signed(ISSUER, claims(300, "'adagrad:read'", "")),
				signed(ISSUER, claims(300, "'adagrad:read'", ",'team':'../a'")),
				signed(ISSUER, good.replace("'sub':'alice',", "")), token.substring(0, token.length() - 4), "x",
				"a.b.c", "." }) {
			Answer refused = list(bad);
			assertThat(refused.status()).as(bad).isEqualTo(401);
			assertThat(refused.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
			assertThat(refused.body()).doesNotContain(bad.length() > 10 ? bad : "Bearer x");
		}
	}

}
