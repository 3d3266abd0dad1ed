package dev.adagrad.session.http;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import dev.adagrad.LongTest;
import dev.adagrad.PostgresProcess;
import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Two replicas of the service over one database.
@LongTest
class ReplicasTest {

	private static final int THREADS = 8;

	private static final int STEPS = 500;

	private static final double[] GRAD = { 0.1, -0.7, 1e-3 };

	@TempDir
	private Path folder;

	@Test
	void manyClientsStepOneSessionAsOneAfterTheOther() {
		try (PostgresProcess database = PostgresProcess.start(this.folder)) {
			String[] arguments = database.serviceArguments().toArray(String[]::new);
			// both at once, over a database without tables
			List<CompletableFuture<ServiceProcess>> starting = IntStream.range(0, 2)
				.mapToObj((replica) -> CompletableFuture
					.supplyAsync(() -> ServiceProcess.start(List.of("-Xmx128m"), arguments)))
				.toList();
			try (ServiceProcess one = starting.get(0).join(); ServiceProcess other = starting.get(1).join()) {
				List<TestClient> clients = List.of(one.client(), other.client());
				new SessionClient(clients.getFirst(), "shared").created(json("{'size':3,'initial_parameter_value':0}"));
				Set<Long> answered = ConcurrentHashMap.newKeySet();
				List<CompletableFuture<Void>> threads = IntStream.range(0, THREADS)
					.mapToObj((thread) -> CompletableFuture
						.runAsync(() -> step(clients.get(thread % 2), thread, answered), Thread::startVirtualThread))
					.toList();
				threads.forEach(CompletableFuture::join);
				assertThat(answered).hasSize(THREADS * STEPS);
				JsonNode shared = new SessionClient(clients.getLast(), "shared").state().json();
				assertThat(shared).isEqualTo(serial());
				assertThat(shared.get("step").asInt()).isEqualTo(THREADS * STEPS);
			}
		}
	}

	private static void step(TestClient client, int thread, Set<Long> answered) {
		SessionClient session = new SessionClient(client, "shared");
		for (int i = 0; i < STEPS; i++) {
			Answer answer;
			do {
				answer = session.step(json("{'grad':") + Arrays.toString(GRAD) + "}", "Idempotency-Key",
						thread + "/" + i);
			}
			while (answer.status() == 409 && answer.problemCode().equals("session-busy"));
			assertThat(answer.status()).as(answer.body()).isEqualTo(200);
			assertThat(answered.add(answer.json().get("step").asLong())).as("each step once").isTrue();
		}
	}

	/// The same gradients, one after the other: G ← G + g², θ ← θ − 0.01·g / (√G + 1e-8).
	private static JsonNode serial() {
		double[] G = new double[GRAD.length];
		double[] parameter = new double[GRAD.length];
		for (int step = 0; step < THREADS * STEPS; step++) {
			for (int i = 0; i < GRAD.length; i++) {
				G[i] += GRAD[i] * GRAD[i];
				parameter[i] -= 0.01 * GRAD[i] / (Math.sqrt(G[i]) + 1e-8);
			}
		}
		return JsonMapper.shared()
			.readTree(json("{'step':") + THREADS * STEPS + json(",'G':") + Arrays.toString(G) + json(",'parameter':")
					+ Arrays.toString(parameter) + "}");
	}

}
