package dev.adagrad.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.adagrad.LongTest;
import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// What a start needs of `java.io.tmpdir`, and leaves there: nothing.
class NoTemporaryFoldersTest {

	private static final String STEP = json("{'parameter':1,'grad':0.5,'G':0}");

	@TempDir
	private Path folder;

	private ServiceProcess start(Path temporary, String... arguments) {
		return ServiceProcess.start(List.of("-Djava.io.tmpdir=" + temporary), arguments);
	}

	private static List<Path> filesIn(Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.toList();
		}
	}

	@LongTest
	@Test
	void startsWhereThereIsNone() throws IOException {
		Path missing = this.folder.resolve("missing");
		try (ServiceProcess service = start(missing, "--adagrad.store.path=" + this.folder.resolve("store"))) {
			TestClient client = service.client();
			assertThat(client.step(STEP).status()).isEqualTo(200);
			assertThat(client.send("PUT", "/adagrad/sessions/a", json("{'size':3}"), "Content-Type", "application/json")
				.status()).isEqualTo(201);
			assertThat(client.get("/swagger-ui/index.html").status()).isEqualTo(200);
		}
		assertThat(missing).doesNotExist();
	}

	@Test
	void startsWhereNoneCanBeMadeAndServesNoFileOfTheWorkingDirectory() throws IOException {
		Path file = Files.createFile(this.folder.resolve("file"));
		try (ServiceProcess service = start(file.resolve("below"), "--adagrad.sessions.enabled=false",
				"--management.server.port=0")) {
			TestClient client = service.client();
			assertThat(client.step(STEP).status()).isEqualTo(200);
			assertThat(Path.of("pom.xml")).exists();
			assertThat(client.get("/pom.xml").status()).isEqualTo(404);
			assertThat(Path.of("work")).doesNotExist();
		}
	}

	@LongTest
	@Test
	void leavesNothingThereWhenItIsKilled() throws IOException {
		Path store = this.folder.resolve("store");
		Path temporary = Files.createDirectory(this.folder.resolve("temporary"));
		for (int kill = 0; kill < 3; kill++) {
			try (ServiceProcess service = start(temporary, "--adagrad.store.path=" + store)) {
				assertThat(service.client().get("/adagrad/sessions").status()).isEqualTo(200);
				service.kill();
			}
			assertThat(filesIn(temporary)).isEmpty();
			assertThat(filesIn(store.resolve("native"))).hasSize(1);
		}
	}

}
