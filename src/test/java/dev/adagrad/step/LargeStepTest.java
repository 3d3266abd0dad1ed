package dev.adagrad.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.adagrad.LongTest;
import dev.adagrad.SafetensorsFile;
import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.Test;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Steps of a million elements in little memory: 24 MB of tensors, 58 MB of decimals.
@LongTest
class LargeStepTest {

	private static final int SIZE = 1_000_000;

	private static double[] filled(double value) {
		double[] values = new double[SIZE];
		Arrays.fill(values, value);
		return values;
	}

	private static SafetensorsFile tensors() {
		return new SafetensorsFile().with("epsilon", 0)
			.doubles("parameter", filled(1))
			.doubles("grad", filled(0.5))
			.doubles("G", filled(0));
	}

	private static void assertStepped(Answer answer) {
		assertThat(answer.status()).as(answer.header("Content-Type")).isEqualTo(200);
		SafetensorsFile file = answer.file();
		assertThat(file.doubles("parameter")).hasSize(SIZE).startsWith(0.99).endsWith(0.99);
		assertThat(file.doubles("G")).hasSize(SIZE).startsWith(0.25).endsWith(0.25);
	}

	@Test
	void oneClientStepsAgainAndAgainWithALittleHeap() {
		SafetensorsFile tensors = tensors();
		String number = "0.12345678901234567,";
		String array = "[" + number.repeat(SIZE - 1) + "0.12345678901234567]";
		String json = json("{'parameter':") + array + json(",'grad':") + array + json(",'G':") + array + "}";
		try (ServiceProcess service = ServiceProcess.start(List.of("-Xmx160m"))) {
			TestClient client = service.client();
			for (int i = 0; i < 5; i++) {
				assertStepped(client.step(tensors));
			}
			for (int i = 0; i < 2; i++) {
				assertThat(client.step(json).status()).isEqualTo(200);
			}
			assertStepped(client.step(tensors));
		}
	}

	@Test
	void manyClientsAtOnceAreServedOrToldToComeBack() throws InterruptedException, ExecutionException {
		SafetensorsFile tensors = tensors();
		int clients = 20;
		try (ServiceProcess service = ServiceProcess.start(List.of("-Xmx256m"));
				ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			CountDownLatch together = new CountDownLatch(clients);
			List<Future<Set<Integer>>> seen = new ArrayList<>();
			for (int i = 0; i < clients; i++) {
				seen.add(threads.submit(() -> {
					TestClient client = service.client();
					together.countDown();
					together.await();
					Set<Integer> statuses = new TreeSet<>();
					for (int k = 0; k < 3; k++) {
						Answer answer = client.step(tensors);
						statuses.add(answer.status());
						if (answer.status() == 503) {
							assertThat(answer.problemCode()).isEqualTo("overloaded");
							assertThat(answer.header("Retry-After")).isEqualTo("1");
						}
					}
					return statuses;
				}));
			}
			Set<Integer> all = new TreeSet<>();
			for (Future<Set<Integer>> statuses : seen) {
				all.addAll(statuses.get());
			}
			assertThat(all).isSubsetOf(200, 503).contains(200);
			assertThat(service.client().get("/actuator/health").status()).isEqualTo(200);
			assertStepped(service.client().step(tensors));
		}
	}

}
