package dev.adagrad.openapi;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

import dev.adagrad.TestClient;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// What the document says of access is what a service does that serves its own machine.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class LocalDocumentTest {

	@LocalServerPort
	private int port;

	@Test
	void aKeyMayBeSentAndIsNotNeeded() {
		JsonNode document = new TestClient(this.port).get("/v3/api-docs").json();
		assertThat(document.has("security")).isFalse();
		assertThat(document.at("/components/securitySchemes").propertyNames()).containsExactly("key", "token");
		assertThat(document.at("/components/securitySchemes/key/scheme").asString()).isEqualTo("bearer");
		assertThat(document.at("/components/securitySchemes/token/bearerFormat").asString()).isEqualTo("JWT");
		for (DocumentedCall call : DocumentedCall.allOf(document)) {
			String scope = switch (call.id()) {
				case "listSessions", "getSession", "getState", "lookupState" -> "read";
				case "putState" -> "admin";
				default -> "step";
			};
			assertThat(call.operation().get("security").toString()).as(call.id())
				.isEqualTo(json("[{'key':['%s']},{'token':['%s']},{}]").formatted(scope, scope));
			assertThat(call.operation().get("description").asString()).contains("the scope `" + scope + "`");
		}
	}

	@Test
	void tokensAloneAreNamedWhereOnlyTheyAreTaken() {
		OpenAPI document = ApiDocument.of("1", true, Credential.TOKEN);
		assertThat(document.getComponents().getSecuritySchemes()).containsOnlyKeys("token");
		assertThat(document.getPaths().get("/adagrad/step").getPost().getSecurity())
			.containsExactly(new SecurityRequirement().addList("token", "step"));
	}

	@Test
	void everyCallShowsHowItIsRefusedToOthers() throws IOException {
		TestClient client = new TestClient(this.port);
		for (DocumentedCall call : DocumentedCall.allOf(client.get("/v3/api-docs").json())) {
			call.assertShown("origin-not-allowed", call.send(client, "Origin", "https://example.org"));
			JsonNode shown = call.operation()
				.at("/responses/403/content/application~1problem+json/examples/not-local/value");
			assertThat(toAnotherName(call)).as(call.id()).isEqualTo(shown);
		}
	}

	/// The answer to a call under a name that is not the service's.
	private JsonNode toAnotherName(DocumentedCall call) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.getOutputStream()
				.write((call.method().toUpperCase(Locale.ROOT) + " " + call.path()
						+ " HTTP/1.0\r\nHost: optimizer.example.org\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(List.of(answer.split(" ", 3))).contains("403");
			return JsonMapper.shared().readTree(answer.substring(answer.indexOf("\r\n\r\n")));
		}
	}

}
