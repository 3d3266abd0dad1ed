package dev.adagrad.pages;

import java.util.List;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/// Where a service that asks for keys asks a person for one. What becomes of the key is tested in a browser, by
/// `.ci/pages`.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "adagrad.access.key-records="
		+ "da9b6edb7f8a4b329b482b3687cba0a9fa637c0a58ee7318be4e69b8dee0a31d name=ci tenant=default scopes=read+step")
class PagesWithKeysTest {

	@LocalServerPort
	private int port;

	private TestClient client;

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/sessions" })
	void aPageThatCallsTheServiceHasAPlaceForAKey(String path) {
		Answer page = this.client.get(path);
		assertThat(page.status()).isEqualTo(200);
		assertThat(page.body()).containsOnlyOnce("<form id=\"key\"");
		String field = page.body().replaceAll("(?s).*(<input id=\"key-field\"[^>]*>).*", "$1");
		assertThat(field).contains("type=\"password\"", "autocomplete=\"off\"")
			.as("nothing that a browser could send as part of a form")
			.doesNotContain("name=");
	}

	@Test
	void otherPagesHaveNone() {
		for (String path : List.of("/problems", "/problems/unauthorized", "/swagger-ui/index.html")) {
			Answer page = this.client.get(path);
			assertThat(page.status()).as(path).isEqualTo(200);
			assertThat(page.body()).as(path).doesNotContain("type=\"password\"");
		}
	}

	@Test
	void swaggerUiHasAPlaceOfItsOwn() {
		assertThat(this.client.get("/swagger-ui/index.html").body()).contains("../ui/header.css")
			.doesNotContain("no-keys.css");
	}

	@Test
	void aRefusalIsKeptByNobody() {
		Answer refusal = this.client.get("/adagrad/sessions");
		assertThat(refusal.status()).isEqualTo(401);
		assertThat(refusal.problemCode()).isEqualTo("unauthorized");
		assertThat(refusal.header("Cache-Control")).isEqualTo("no-store");
		assertThat(refusal.header("Content-Security-Policy")).isEmpty();
	}

}
