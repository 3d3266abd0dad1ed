package dev.adagrad.session.http;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// A client that steps one session with one key after the other, until the service dies under it, and then knows what
/// must be true of the session.
///
/// Gradients are small integers, with ε = 0 and G from 0, so that G is a sum of squares that is exact in F64, and can be
/// said of any step without a look at the service: at step s element i of G is Σ (1 + (t + i) mod 7)², t = 1 … s.
final class StepStream {

	private static final int SIZE = 200;

	private final String id;

	/// How many steps have been answered.
	private long acknowledged;

	StepStream(String id) {
		this.id = id;
	}

	/// Creates the session; again, if it is there.
	void create(TestClient client) {
		Answer answer = new SessionClient(client, this.id)
			.create(json("{'size':") + SIZE + json(",'initial_parameter_value':0}"));
		assertThat(answer.status()).as(answer.body()).isIn(200, 201);
	}

	/// Steps until the service no longer answers.
	/// @param progress counted down with each answer
	void run(TestClient client, CountDownLatch progress) {
		SessionClient session = new SessionClient(client, this.id);
		while (true) {
			Answer answer;
			try {
				answer = step(session, this.acknowledged + 1);
			}
			catch (UncheckedIOException ex) {
				return;
			}
			if (answer.status() == 503) {
				assertThat(answer.problemCode()).isEqualTo("store-unavailable");
				return;
			}
			assertThat(answer.status()).as(answer.body()).isEqualTo(200);
			this.acknowledged++;
			assertThat(answer.json().get("step").asLong()).isEqualTo(this.acknowledged);
			progress.countDown();
		}
	}

	/// After the service is back: the session is at the last step answered or at the one
	/// that was under way, whole, and that one is not applied twice.
	void verify(TestClient client) {
		SessionClient session = new SessionClient(client, this.id);
		Answer state = session.state();
		assertThat(state.status()).as(state.body()).isEqualTo(200);
		long step = state.json().get("step").asLong();
		assertThat(step).isBetween(this.acknowledged, this.acknowledged + 1);
		assertWhole(state, step);
		Answer retried = step(session, this.acknowledged + 1);
		assertThat(retried.status()).as(retried.body()).isEqualTo(200);
		assertThat(retried.header("Idempotency-Replayed")).isEqualTo((step > this.acknowledged) ? "true" : "");
		this.acknowledged++;
		Answer after = session.state();
		assertThat(after.json().get("step").asLong()).isEqualTo(this.acknowledged);
		assertWhole(after, this.acknowledged);
		assertThat(retried.json().get("parameter")).isEqualTo(after.json().get("parameter"));
	}

	private static Answer step(SessionClient session, long step) {
		String grad = Arrays.stream(grad(step)).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]"));
		return session.step(json("{'grad':") + grad + "}", "Idempotency-Key", "step-" + step);
	}

	private static int[] grad(long step) {
		return IntStream.range(0, SIZE).map((i) -> (int) (1 + (step + i) % 7)).toArray();
	}

	private static void assertWhole(Answer state, long step) {
		double[] G = new double[SIZE];
		for (long t = 1; t <= step; t++) {
			int[] grad = grad(t);
			for (int i = 0; i < SIZE; i++) {
				G[i] += grad[i] * grad[i];
			}
		}
		assertThat(state.json().get("G").valueStream().mapToDouble((node) -> node.asDouble()).toArray())
			.as("G at step %d", step)
			.isEqualTo(G);
	}

}
