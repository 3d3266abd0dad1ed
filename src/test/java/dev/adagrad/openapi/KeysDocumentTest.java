package dev.adagrad.openapi;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// What the document says of access is what a service does that asks for keys and has quotas.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "adagrad.access.key-records=" + KeysDocumentTest.RECORDS,
				"adagrad.quotas.tenants.busy.requests=2", "adagrad.quotas.tenants.fast.steps-per-second=2",
				"adagrad.quotas.tenants.many.sessions=2", "adagrad.quotas.tenants.large.stored-size=8KB" })
class KeysDocumentTest {

	static final String RECORDS = "39be06cad61f24a1213f606fc0daa030bd35c29292185795e8128f402bb74581 "
			+ "name=admin scopes=admin, " + "b305bd8385765b4fa786814cee30266d37c5bf89f9bfb87c04be5ad3fd8425a0 "
			+ "name=read scopes=read, " + "7f74e42d02dc058a8d9a3e54bb87731066f4459d85dd250a34875880472c3718 "
			+ "name=step scopes=step";

	private static final String ADMIN = "Bearer adagrad_hHsh8eOaNz9pyFmuBYMBqipljbskfwyTszKRW53jYvA0F52QV";

	private static final String READER = "Bearer adagrad_UXREQkuqqbddEzRWtOOJrJFV1O74YPXR5PlJA5zVNF303TK5B";

	private static final String STEPPER = "Bearer adagrad_ONTF6U19vpebnFxvzWBsht3UwqQNQfylVqCGUtamMol1fJn7Y";

	/// Only a service without keys answers with these.
	private static final Set<String> LOCAL = Set.of("not-local", "origin-not-allowed");

	@LocalServerPort
	private int port;

	private TestClient client;

	private final Map<String, DocumentedCall> calls = new LinkedHashMap<>();

	private final Map<String, Set<String>> provoked = new LinkedHashMap<>();

	private JsonNode document;

	@BeforeEach
	void read() {
		this.client = new TestClient(this.port);
		this.document = this.client.get("/v3/api-docs").json();
		for (DocumentedCall call : DocumentedCall.allOf(this.document)) {
			this.calls.put(call.id(), call);
			this.provoked.put(call.id(), new TreeSet<>());
		}
	}

	@Test
	void aKeyIsNeeded() {
		assertThat(this.document.at("/components/securitySchemes").propertyNames()).containsExactly("key");
		assertThat(this.calls.get("step").operation().get("security").toString()).isEqualTo(json("[{'key':['step']}]"));
		assertThat(this.document.toString()).doesNotContain("{scope}");
	}

	@Test
	void everyErrorOfAccessIsWhatTheServiceAnswers() throws IOException {
		this.calls.forEach((id, call) -> {
			shown(call, "unauthorized", 401, call.send(this.client));
			boolean reads = call.operation().at("/security/0/key/0").asString().equals("read");
			shown(call, "forbidden", 403, call.send(this.client, "Authorization", reads ? STEPPER : READER));
		});
		assertThat(this.calls.get("putState").send(this.client, "Authorization", STEPPER).status()).isEqualTo(403);
		put("default", json("{'size':3}"));
		DocumentedCall deletion = this.calls.get("deleteSession");
		shown(deletion, "not-its-own", 403, deletion.send(this.client, "Authorization", STEPPER));
		tooManyRequests();
		tooManySteps();
		tooManySessions();
		tooMuchRoom();
		this.provoked.forEach((id, names) -> {
			Set<String> shown = new TreeSet<>(this.calls.get(id).errors());
			assertThat(shown).as(id).containsAll(LOCAL);
			shown.removeIf((name) -> LOCAL.contains(name) || !isOfAccess(id, name));
			assertThat(names).as(id).isEqualTo(shown);
		});
	}

	private boolean isOfAccess(String id, String name) {
		return name.startsWith("quota-") || this.calls.get(id)
			.operation()
			.get("responses")
			.propertyStream()
			.filter((response) -> Set.of("401", "403").contains(response.getKey()))
			.anyMatch((response) -> response.getValue().at("/content/application~1problem+json/examples").has(name));
	}

	/// Two requests whose bodies do not come, and one more. If the one more was the
	/// second to come, it was answered and
	/// one of the two was refused: then the same anew.
	private void tooManyRequests() throws IOException {
		DocumentedCall list = this.calls.get("listSessions");
		boolean busy = false;
		while (!busy) {
			try (Socket one = new Socket(InetAddress.getLoopbackAddress(), this.port);
					Socket other = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
				begin(one);
				begin(other);
				as("default", list);
				busy = as("busy", list).status() == 429;
				if (busy) {
					this.calls.forEach((id, call) -> shown(call, "quota-of-requests", 429, as("busy", call)));
				}
			}
		}
	}

	private static void begin(Socket socket) throws IOException {
		socket.getOutputStream()
			.write(("POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + ADMIN
					+ "\r\nAdagrad-Tenant: busy\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
				.getBytes(StandardCharsets.US_ASCII));
	}

	private void tooManySteps() {
		for (String id : List.of("step", "stepSession")) {
			DocumentedCall step = this.calls.get(id);
			Answer answer = as("fast", step);
			while (answer.status() != 429) {
				assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"steps\";q=2;w=1");
				answer = as("fast", step);
			}
			shown(step, "quota-of-steps", 429, answer);
			assertThat(answer.header("RateLimit")).isEqualTo("\"steps\";r=0;t=1");
			assertThat(answer.header("Retry-After")).isEqualTo("1");
		}
	}

	private void tooManySessions() {
		for (int i = 0; i < 2; i++) {
			assertThat(send("many", "POST", "/adagrad/sessions", json("{'size':3}")).status()).isEqualTo(201);
		}
		shown(this.calls.get("createSession"), "quota-of-sessions", 507,
				send("many", "POST", "/adagrad/sessions", json("{'size':3}")));
		shown(this.calls.get("putSession"), "quota-of-sessions", 507, put("many", json("{'size':3}")));
	}

	private void tooMuchRoom() {
		assertThat(put("large", json("{'size':1000000}")).status()).isEqualTo(201);
		shown(this.calls.get("stepSession"), "quota-of-room", 507, send("large", "POST",
				"/adagrad/sessions/my-model/step", json("{'indices':[0],'grad':[0.1],'parameter':[1.0]}")));
		shown(this.calls.get("putState"), "quota-of-room", 507, send("large", "PUT",
				"/adagrad/sessions/my-model/state?touched=true", json("{'step':1,'indices':[0],'G':[0.01]}")));
	}

	private void shown(DocumentedCall call, String example, int status, Answer answer) {
		assertThat(answer.status()).as(call.id() + " " + example).isEqualTo(status);
		if (example.equals("quota-of-room")) {
			call.assertShownButForNumbers(example, answer);
		}
		else {
			call.assertShown(example, answer);
		}
		this.provoked.get(call.id()).add(example);
	}

	private Answer put(String tenant, String body) {
		return send(tenant, "PUT", "/adagrad/sessions/my-model", body);
	}

	private Answer as(String tenant, DocumentedCall call) {
		return call.send(this.client, "Authorization", ADMIN, "Adagrad-Tenant", tenant);
	}

	private Answer send(String tenant, String method, String path, String body) {
		return this.client.send(method, path, body, "Content-Type", "application/json", "Authorization", ADMIN,
				"Adagrad-Tenant", tenant);
	}

}
