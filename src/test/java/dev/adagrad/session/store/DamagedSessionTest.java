package dev.adagrad.session.store;

import java.nio.file.Path;
import java.util.List;

import dev.adagrad.RunningService;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import dev.adagrad.session.store.sqlite.SqliteFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// What clients and operators see of damage, and of expired sessions.
@ExtendWith(OutputCaptureExtension.class)
class DamagedSessionTest {

	@TempDir
	private Path folder;

	@Test
	void damageIsToldToTheClientAndInTheLog(CapturedOutput log) {
		try (RunningService service = RunningService.start("--adagrad.store.path=" + this.folder)) {
			TestClient client = service.client();
			for (String id : List.of("good", "bad")) {
				assertThat(put(client, "/adagrad/sessions/" + id, json("{'G':[1,4,9],'parameter':[1,2,3]}")).status())
					.isEqualTo(201);
			}
			SqliteFiles.sql(this.folder, """
					UPDATE chunks SET data = CAST(x'00000000000000c0' || substr(data, 9) AS BLOB) WHERE tensor = 0
						AND session_key = (SELECT session_key FROM sessions WHERE id = 'bad')""");
			Answer answer = client.get("/adagrad/sessions/bad/state");
			assertThat(answer.status()).isEqualTo(503);
			assertThat(answer.problemCode()).isEqualTo("store-damaged");
			Answer step = client.send("POST", "/adagrad/sessions/bad/step", json("{'grad':[1,1,1]}"), "Content-Type",
					"application/json");
			assertThat(step.problemCode()).isEqualTo("store-damaged");
			assertThat(log.toString().lines()).anyMatch((line) -> line.contains("ERROR") && line
				.contains("session bad is damaged: chunk 0 of G has another checksum than it was written with"));
			assertThat(client.get("/adagrad/sessions/good/state").body())
				.isEqualTo(json("{'step':0,'G':[1.0,4.0,9.0],'parameter':[1.0,2.0,3.0]}"));
			assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(200);
			assertThat(put(client, "/adagrad/sessions/bad/state", json("{'step':7,'G':[1,1,1],'parameter':[0,0,0]}"))
				.status()).isEqualTo(204);
			assertThat(client.get("/adagrad/sessions/bad/state").body())
				.isEqualTo(json("{'step':7,'G':[1.0,1.0,1.0],'parameter':[0.0,0.0,0.0]}"));
			SqliteFiles.sql(this.folder, "UPDATE sessions SET checksum = 0 WHERE id = 'bad'");
			assertThat(client.get("/adagrad/sessions/bad").problemCode()).isEqualTo("store-damaged");
			assertThat(client.send("DELETE", "/adagrad/sessions/bad", "", "If-Match", "\"7\"").problemCode())
				.isEqualTo("store-damaged");
			assertThat(client.send("DELETE", "/adagrad/sessions/bad", "").status()).isEqualTo(204);
			assertThat(client.get("/adagrad/sessions/bad").status()).isEqualTo(404);
		}
	}

	@Test
	void anOperatorBringsAnExpiredSessionBack() {
		try (RunningService service = RunningService.start("--adagrad.store.path=" + this.folder,
				"--management.endpoints.web.exposure.include=health,expiredsessions")) {
			TestClient client = service.client();
			assertThat(put(client, "/adagrad/sessions/a", json("{'size':2,'ttl_seconds':3600}")).status())
				.isEqualTo(201);
			SqliteFiles.sql(this.folder, "UPDATE sessions SET expires_at = expires_at - 7200000");
			assertThat(client.get("/adagrad/sessions/a").status()).isEqualTo(404);
			assertThat(client.get("/actuator/expiredsessions").body())
				.startsWith(json("{'sessions':[{'tenant':'default','id':'a',"))
				.contains(json("'expires_at':'20"));
			assertThat(revive(client, "a").status()).isEqualTo(200);
			assertThat(client.get("/adagrad/sessions/a").status()).isEqualTo(200);
			assertThat(client.get("/actuator/expiredsessions").body()).isEqualTo(json("{'sessions':[]}"));
			assertThat(revive(client, "a").status()).isEqualTo(404);
			assertThat(revive(client, "b").status()).isEqualTo(404);
			assertThat(revive(client, "-").status()).isEqualTo(404);
		}
	}

	@Test
	void anExpiredSessionIsOfItsTenant() {
		try (RunningService service = RunningService.start("--adagrad.store.path=" + this.folder,
				"--management.endpoints.web.exposure.include=health,expiredsessions")) {
			TestClient client = service.client();
			for (String tenant : List.of("default", "b")) {
				assertThat(client
					.send("PUT", "/adagrad/sessions/a", json("{'size':2,'ttl_seconds':3600}"), "Content-Type",
							"application/json", "Adagrad-Tenant", tenant)
					.status()).isEqualTo(201);
			}
			SqliteFiles.sql(this.folder, "UPDATE sessions SET expires_at = expires_at - 7200000");
			assertThat(client.get("/actuator/expiredsessions").body()).contains(json("'tenant':'default','id':'a'"))
				.contains(json("'tenant':'b','id':'a'"));
			for (String nobody : List.of("c", "-", "../b")) {
				assertThat(reviveIn(client, nobody).status()).isEqualTo(404);
			}
			assertThat(reviveIn(client, "b").status()).isEqualTo(200);
			assertThat(client.get("/adagrad/sessions/a").status()).isEqualTo(404);
			assertThat(client.get("/adagrad/sessions/a", "Adagrad-Tenant", "b").status()).isEqualTo(200);
			assertThat(reviveIn(client, "b").status()).as("it lives").isEqualTo(404);
		}
	}

	private static Answer reviveIn(TestClient client, String tenant) {
		return client.send("POST", "/actuator/expiredsessions/a", json("{'tenant':'" + tenant + "'}"), "Content-Type",
				"application/json");
	}

	private static Answer revive(TestClient client, String id) {
		return client.send("POST", "/actuator/expiredsessions/" + id, "{}", "Content-Type", "application/json");
	}

	private static Answer put(TestClient client, String path, String body) {
		return client.send("PUT", path, body, "Content-Type", "application/json");
	}

}
