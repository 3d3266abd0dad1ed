package dev.adagrad.access;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;

import com.sun.net.httpserver.HttpServer;
import dev.adagrad.TestClient;
import dev.adagrad.TestClient.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// An issuer that publishes its keys over HTTP, and is down at first.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class IssuerTest {

	private static final TestIssuer TOKENS = TestIssuer.create();

	private static final HttpServer ISSUER = issuer();

	private static volatile boolean up;

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void settings(DynamicPropertyRegistry settings) {
		settings.add("spring.security.oauth2.resourceserver.jwt.jwk-set-uri",
				() -> "http://127.0.0.1:" + ISSUER.getAddress().getPort() + "/keys");
	}

	@AfterAll
	static void stop() {
		ISSUER.stop(0);
	}

	private static HttpServer issuer() {
		try {
			HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			RSAPublicKey key = (RSAPublicKey) TOKENS.key();
			byte[] keys = json("{'keys':[{'kty':'RSA','use':'sig','kid':'1','n':'"
					+ TestIssuer.part(key.getModulus().toByteArray()) + "','e':'"
					+ TestIssuer.part(key.getPublicExponent().toByteArray()) + "'}]}")
				.getBytes(StandardCharsets.UTF_8);
			server.createContext("/keys", (exchange) -> {
				exchange.sendResponseHeaders(up ? 200 : 502, keys.length);
				exchange.getResponseBody().write(keys);
				exchange.close();
			});
			server.start();
			return server;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String token() throws GeneralSecurityException {
		return TOKENS.signed("{'alg':'RS256','kid':'1'}",
				"{'sub':'alice','scope':'read','exp':" + (Instant.now().getEpochSecond() + 300) + "}");
	}

	@Test
	void whileItIsDownCallersTryAgainLater() throws GeneralSecurityException {
		TestClient client = new TestClient(this.port);
		String token = token();
		Answer early = client.get("/adagrad/sessions", "Authorization", "Bearer " + token);
		assertThat(early.status()).isEqualTo(503);
		assertThat(early.problemCode()).isEqualTo("overloaded");
		assertThat(early.header("Retry-After")).isEqualTo("1");
		assertThat(early.body()).contains("the keys of its issuer cannot be read").doesNotContain(token);
		up = true;
		assertThat(client.get("/adagrad/sessions", "Authorization", "Bearer " + token).status()).isEqualTo(200);
		assertThat(client.get("/adagrad/sessions", "Authorization", "Bearer x").status()).isEqualTo(401);
	}

}
