package dev.adagrad.session.http;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.adagrad.LongTest;
import dev.adagrad.PostgresProcess;
import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// `kill -9` of PostgreSQL under the service, in the middle of steps on several sessions, again and again; the service
/// stays up and recovers by itself.
///
/// As often as the system property `kills` says. `PostgresSessionStoreTest` kills it under the store alone, in each build.
@LongTest
class DatabaseKillTest {

	private static final int KILLS = Integer.getInteger("kills", 50);

	private static final long MOST_MILLIS = 2000;

	@TempDir
	private Path folder;

	@Test
	void noStepIsLostOrDoubledOrTorn() throws InterruptedException {
		SplittableRandom random = new SplittableRandom(42);
		List<StepStream> streams = List.of(StepStream.alone("a"), StepStream.alone("b"), StepStream.ofModel("c"),
				StepStream.ofModel("d"));
		try (PostgresProcess database = PostgresProcess.start(this.folder);
				ServiceProcess service = ServiceProcess.start(List.of("-Xmx128m"),
						database.serviceArguments().toArray(String[]::new))) {
			TestClient client = service.client();
			streams.forEach((stream) -> stream.create(client));
			for (int kill = 0; kill < KILLS; kill++) {
				CountDownLatch progress = new CountDownLatch(1 + random.nextInt(200));
				List<CompletableFuture<Void>> running = streams.stream()
					.map((stream) -> CompletableFuture.runAsync(() -> stream.run(service.client(), progress),
							Thread::startVirtualThread))
					.toList();
				assertThat(progress.await(60, TimeUnit.SECONDS)).isTrue();
				database.kill();
				running.forEach(CompletableFuture::join);
				if (kill == 0) {
					assertDown(client);
				}
				database.restart();
				awaitReady(client);
				streams.forEach((stream) -> stream.verify(client));
			}
		}
	}

	@Test
	void aServiceThatStartsWithoutItsDatabaseServesStepsAndWaitsForIt() {
		try (PostgresProcess database = PostgresProcess.start(this.folder)) {
			database.kill();
			try (ServiceProcess service = ServiceProcess.start(List.of("-Xmx128m"),
					database.serviceArguments().toArray(String[]::new))) {
				TestClient client = service.client();
				assertDown(client);
				database.restart();
				awaitReady(client);
				assertThat(new SessionClient(client, "a").create(json("{'size':1}")).status()).isEqualTo(201);
			}
		}
	}

	/// Sessions say so within 2 s, readiness shows it, and nothing else minds.
	private static void assertDown(TestClient client) {
		// not timed: the first call of all has a framework to load
		assertThat(client.step(json("{'parameter':1,'grad':1,'G':0}")).status()).isEqualTo(200);
		new SessionClient(client, "a").describe();
		for (Answer refused : List.of(timed(() -> new SessionClient(client, "a").describe()),
				timed(() -> new SessionClient(client, "a").create(json("{'size':1}"))),
				timed(() -> client.get("/adagrad/sessions")))) {
			assertThat(refused.status()).as(refused.body()).isEqualTo(503);
			assertThat(refused.problemCode()).isEqualTo("store-unavailable");
			assertThat(refused.header("Retry-After")).isNotEmpty();
		}
		assertThat(timed(() -> client.get("/actuator/health/readiness")).status()).isEqualTo(503);
		assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);
	}

	private static Answer timed(Supplier<Answer> call) {
		long start = System.nanoTime();
		Answer answer = call.get();
		assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(MOST_MILLIS);
		return answer;
	}

	private static void awaitReady(TestClient client) {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
		while (client.get("/actuator/health/readiness").status() != 200) {
			assertThat(System.nanoTime()).as("the service has not recovered").isLessThan(deadline);
			Thread.onSpinWait();
		}
	}

}
