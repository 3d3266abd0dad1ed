package dev.adagrad.session.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

import dev.adagrad.RunningService;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import dev.adagrad.session.store.postgresql.PostgresServer;
import dev.adagrad.session.store.sqlite.SqliteFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Databases that earlier releases made: `sqlite-v1.db` and `postgresql-v1.sql` with tables of version 1, and likewise of
/// version 2, each written by its release, whose answers are expected here. Sessions answer as they did, and go on.
class MigrationTest {

	@TempDir
	private Path folder;

	@Test
	void sqlite() throws IOException {
		Files.write(this.folder.resolve("adagrad.db"), unpacked("sqlite-v1.db.gz"));
		for (int start = 0; start < 2; start++) {
			try (RunningService service = RunningService.start("--adagrad.store.path=" + this.folder)) {
				assertSessionsAsBefore(service.client(), "0be9c441db16e2ee", "49e35bdb16e05bc8", start);
			}
		}
		assertThat(SqliteFiles.sql(this.folder, "SELECT count(*) FROM sessions WHERE checksum IS NULL"))
			.as("rows that nobody has written since")
			.containsExactly(3L);
	}

	@Test
	void postgresql() throws IOException {
		PostgresServer.Place place = PostgresServer.shared().newPlace();
		place.sql(new String(unpacked("postgresql-v1.sql.gz"), StandardCharsets.UTF_8));
		for (int start = 0; start < 2; start++) {
			try (RunningService service = start(place)) {
				assertSessionsAsBefore(service.client(), "fed92e47547ac56f", "ee59bc830a46c474", start);
			}
		}
		assertThat(place.sql("SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history"))
			.as("what the release before looks at, and then refuses to start")
			.containsExactly(2L);
		assertThat(place.sql("SELECT max(octet_length(data)) FROM chunks JOIN sessions USING (session_key) WHERE id IN"
				+ " ('dense', 'sparse')"))
			.as("chunks are short once they were stepped")
			.containsExactly(1568L);
	}

	@Test
	void sqliteWithoutTenants() throws IOException {
		Files.write(this.folder.resolve("adagrad.db"), unpacked("sqlite-v2.db.gz"));
		for (int start = 0; start < 2; start++) {
			try (RunningService service = RunningService.start("--adagrad.store.path=" + this.folder)) {
				assertModelsAsBefore(service.client(), "1164fe9fe1f8ef03", "8bc84068fdb8c8ab", start);
			}
		}
		assertThat(
				SqliteFiles.sql(this.folder, "SELECT min(session_key) FROM sessions WHERE id IN ('new', 'held-too')"))
			.as("no key comes again, not even that of a session that is gone")
			.containsExactly(6L);
	}

	@Test
	void postgresqlWithoutTenants() throws IOException {
		PostgresServer.Place place = PostgresServer.shared().newPlace();
		place.sql(new String(unpacked("postgresql-v2.sql.gz"), StandardCharsets.UTF_8));
		for (int start = 0; start < 2; start++) {
			try (RunningService service = start(place)) {
				assertModelsAsBefore(service.client(), "9a429cac05df20ee", "b892d8a8257d7e00", start);
			}
		}
	}

	/// Ready: the service starts even while it waits for its tables.
	private static RunningService start(PostgresServer.Place place) {
		RunningService service = RunningService.start("--adagrad.store.kind=postgresql",
				"--spring.datasource.url=" + place.url(), "--spring.datasource.username=" + place.user(),
				"--spring.datasource.password=" + place.password());
		Fixtures.await(() -> service.client().get("/readyz").status() == 200);
		return service;
	}

	private static byte[] unpacked(String name) throws IOException {
		try (InputStream in = new GZIPInputStream(
				Objects.requireNonNull(MigrationTest.class.getResourceAsStream("/store/" + name)))) {
			return in.readAllBytes();
		}
	}

	/// @param held the life of the session "held"
	/// @param sent that of "sent"
	/// @param start how often the service was started before
	private static void assertSessionsAsBefore(TestClient client, String held, String sent, int start) {
		Answer state = client.get("/adagrad/sessions/held/state");
		assertThat(state.header("ETag")).isEqualTo("\"2-" + held + "\"");
		assertThat(state.body()).isEqualTo(json("{'step':2,'G':[1.0625,5.0,0.25,0.0,25.0],"
				+ "'parameter':[1.375746438731661,1.5552786401500043,1.400000002,1.5,1.46000000013]}"));
		Answer replay = step(client, "held", json("{'grad':[0.25,1,0,0,-3]}"), "two");
		assertThat(replay.body()).startsWith(json("{'step':2,"));
		assertThat(replay.header("Idempotency-Replayed")).isEqualTo("true");
		assertThat(replay.header("ETag")).isEqualTo("\"2-" + held + "\"");
		assertThat(client.get("/adagrad/sessions/sent/state").header("ETag")).isEqualTo("\"1-" + sent + "\"");
		assertThat(client.get("/adagrad/sessions/sent/state").body()).isEqualTo(json("{'step':1,'G':[1.5,1.0,3.0]}"));
		assertThat(client.get("/adagrad/sessions/untouched/state").body())
			.isEqualTo(json("{'step':41,'G':[0.0,0.0,0.0]}"));
		if (start == 0) {
			assertThat(client.get("/adagrad/sessions/sparse/state?indices=0,7,39999").body())
				.isEqualTo(json("{'step':1,'indices':[0,7,39999],'G':[0.1,4.1,1.1],"
						+ "'parameter':[0.0,-0.00987729591771541,0.009534625801546834]}"));
			assertThat(client.get("/adagrad/sessions/dense/state?indices=0,1,2499").body())
				.isEqualTo(json("{'step':1,'indices':[0,1,2499],'G':[0.0,0.015625,97578.140625],"
						+ "'parameter':[0.0,-0.009999999200000064,-0.009999999999679873]}"));
			assertThat(step(client, "sparse", json("{'indices':[8,20000],'grad':[0,0]}"), "t").status()).isEqualTo(200);
			assertThat(step(client, "dense", json("{'indices':[1],'grad':[0]}"), "t").status()).isEqualTo(200);
			assertThat(step(client, "sent", json("{'parameter':[1,2,3],'grad':[1,1,1]}"), "k")
				.header("Idempotency-Replayed")).isEqualTo("true");
		}
		assertThat(client.get("/adagrad/sessions/sparse/state?indices=0,7,8,20000,39999").body())
			.isEqualTo(json("{'step':2,'indices':[0,7,8,20000,39999],'G':[0.1,4.1,0.1,0.1,1.1],"
					+ "'parameter':[0.0,-0.00987729591771541,0.0,0.0,0.009534625801546834]}"));
		assertThat(client.get("/adagrad/sessions/dense/state?indices=0,1,2499").body())
			.isEqualTo(json("{'step':2,'indices':[0,1,2499],'G':[0.0,0.015625,97578.140625],"
					+ "'parameter':[0.0,-0.009999999200000064,-0.009999999999679873]}"));
		assertThat(client.get("/adagrad/sessions/gone").status()).isEqualTo(404);
	}

	/// @param held the incarnation of the session "held"
	/// @param model that of "model"
	/// @param start how often the service was started before
	private static void assertModelsAsBefore(TestClient client, String held, String model, int start) {
		Answer state = client.get("/adagrad/sessions/held/state");
		assertThat(state.header("ETag")).isEqualTo("\"2-" + held + "\"");
		assertThat(state.body()).isEqualTo(json("{'step':2,'G':[1.25,0.0625,20.0],"
				+ "'parameter':[0.776393209250021,2.000000019999999,-0.4472135969999579]}"));
		assertThat(step(client, "held", json("{'grad':[0.5,0.25,4]}"), "two").header("Idempotency-Replayed"))
			.isEqualTo("true");
		assertThat(client.get("/adagrad/sessions/model").header("ETag")).isEqualTo("\"1-" + model + "\"");
		assertThat(client.get("/adagrad/sessions/model/state?tensor=w").body())
			.isEqualTo(json("{'step':1,'tensors':{'w':{'G':[1.0,4.0,9.0,16.0,25.0,36.0],'parameter':"
					+ "[0.008265609,-0.011409048,-0.0069003357,0.029614674,-0.012512737,0.011934707]}}}"));
		assertThat(client.get("/adagrad/sessions/model/state?tensor=emb&indices=3,4,900").body())
			.isEqualTo(json("{'step':1,'tensors':{'emb':{'indices':[3,4,900],'G':[1.0,0.0,4.0],'parameter':"
					+ "[0.24,0.24,0.24,0.24,0.25,0.25,0.25,0.25,0.24,0.24,0.24,0.24]}}}"));
		assertThat(client.get("/adagrad/sessions/waiting").status()).isEqualTo(200);
		assertThat(client.get("/adagrad/sessions/gone").status()).isEqualTo(404);
		assertThat(client.get("/adagrad/sessions").body()).as("all are of the tenant default")
			.contains(json("'id':'held'"), json("'id':'model'"), json("'id':'waiting'"));
		String id = (start == 0) ? "new" : "held-too";
		assertThat(client.send("PUT", "/adagrad/sessions/" + id, json("{'size':2}"), "Content-Type", "application/json")
			.status()).isEqualTo(201);
	}

	private static Answer step(TestClient client, String id, String body, String key) {
		return client.send("POST", "/adagrad/sessions/" + id + "/step", body, "Content-Type", "application/json",
				"Idempotency-Key", key);
	}

}
