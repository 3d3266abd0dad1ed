package dev.adagrad.session.http;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.adagrad.LongTest;
import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/// `kill -9` of the service in the middle of steps on several sessions, again and again over one folder.
///
/// As often as the system property `kills` says, and once in each build.
class ServiceKillTest {

	private static final int KILLS = Integer.getInteger("kills", 50);

	@TempDir
	private Path folder;

	@Test
	void aKillLosesDoublesAndTearsNoStep() throws InterruptedException {
		assertNoStepIsLostOrDoubledOrTorn("fsync", 1);
	}

	@LongTest
	@ParameterizedTest
	@ValueSource(strings = { "fsync", "os" })
	void manyKillsLoseDoubleAndTearNoStep(String durability) throws InterruptedException {
		assertNoStepIsLostOrDoubledOrTorn(durability, KILLS);
	}

	private void assertNoStepIsLostOrDoubledOrTorn(String durability, int kills) throws InterruptedException {
		SplittableRandom random = new SplittableRandom(42);
		List<StepStream> streams = List.of(StepStream.alone("a"), StepStream.alone("b"), StepStream.ofModel("c"),
				StepStream.ofModel("d"));
		for (int kill = 0; kill < kills; kill++) {
			try (ServiceProcess service = start(durability)) {
				TestClient client = service.client();
				if (kill == 0) {
					streams.forEach((stream) -> stream.create(client));
				}
				else {
					streams.forEach((stream) -> stream.verify(client));
				}
				CountDownLatch progress = new CountDownLatch(1 + random.nextInt(300));
				List<CompletableFuture<Void>> running = streams.stream()
					.map((stream) -> CompletableFuture.runAsync(() -> stream.run(service.client(), progress),
							Thread::startVirtualThread))
					.toList();
				assertThat(progress.await(60, TimeUnit.SECONDS)).isTrue();
				service.kill();
				running.forEach(CompletableFuture::join);
			}
		}
		try (ServiceProcess service = start(durability)) {
			streams.forEach((stream) -> stream.verify(service.client()));
		}
	}

	private ServiceProcess start(String durability) {
		return ServiceProcess.start(List.of("-Xmx128m"), "--adagrad.store.path=" + this.folder,
				"--adagrad.store.durability=" + durability);
	}

}
