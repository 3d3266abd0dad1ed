package dev.adagrad.session.http;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import tools.jackson.databind.JsonNode;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// A client that steps one session with one key after the other, until the service dies under it, and then knows what
/// must be true of the session.
///
/// Gradients are small integers, with ε = 0 and G from 0, so that G is a sum of squares that is exact in F64, and can be
/// said of any step without a look at the service: at step s element i of G is Σ (1 + (t + i) mod 7)², t = 1 … s.
///
/// A model has the same elements in twenty tensors, and beside them a table of 2³³ rows that share a G each; step t touches
/// the row t mod 5 from its end, with t mod 7 throughout, and all of it or nothing must be there.
final class StepStream {

	private static final int SIZE = 200;

	private static final int TENSORS = 20;

	private static final int ROWS = 5;

	private static final long TABLE = 1L << 33;

	private final String id;

	private final boolean model;

	/// How many steps have been answered.
	private long acknowledged;

	private StepStream(String id, boolean model) {
		this.id = id;
		this.model = model;
	}

	/// Of a session of one array.
	static StepStream alone(String id) {
		return new StepStream(id, false);
	}

	/// Of a session of a model.
	static StepStream ofModel(String id) {
		return new StepStream(id, true);
	}

	/// Creates the session; again, if it is there.
	void create(TestClient client) {
		Answer answer = new SessionClient(client, this.id).create(json("{"
				+ (this.model ? "'tensors':{" + tensors((i) -> "'shape':[" + SIZE / TENSORS + "]")
						+ ",'table':{'shape':[" + TABLE + ",4],'accumulator':'row'}}" : "'size':" + SIZE)
				+ ",'initial_parameter_value':0}"));
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
		Answer state = state(client);
		assertThat(state.status()).as(state.body()).isEqualTo(200);
		long step = state.json().get("step").asLong();
		assertThat(step).isBetween(this.acknowledged, this.acknowledged + 1);
		assertWhole(state, step);
		Answer retried = step(session, this.acknowledged + 1);
		assertThat(retried.status()).as(retried.body()).isEqualTo(200);
		assertThat(retried.header("Idempotency-Replayed")).isEqualTo((step > this.acknowledged) ? "true" : "");
		this.acknowledged++;
		Answer after = state(client);
		assertThat(after.json().get("step").asLong()).isEqualTo(this.acknowledged);
		assertWhole(after, this.acknowledged);
		if (this.model) {
			for (int i = 0; i < TENSORS; i++) {
				assertThat(retried.json().at("/tensors/" + name(i) + "/parameter"))
					.isEqualTo(after.json().at("/tensors/" + name(i) + "/parameter"));
			}
		}
		else {
			assertThat(retried.json().get("parameter")).isEqualTo(after.json().get("parameter"));
		}
	}

	private Answer step(SessionClient session, long step) {
		int[] grad = grad(step);
		String body = this.model
				? "{'tensors':{"
						+ tensors((i) -> "'grad':" + Arrays
							.toString(Arrays.copyOfRange(grad, i * SIZE / TENSORS, (i + 1) * SIZE / TENSORS)))
						+ ",'table':{'indices':[" + row(step) + "],'grad':"
						+ Arrays.toString(new long[] { step % 7, step % 7, step % 7, step % 7 }) + "}}}"
				: "{'grad':" + Arrays.toString(grad) + "}";
		return session.step(json(body), "Idempotency-Key", "step-" + step);
	}

	/// What can be read of the whole, all of one version.
	private Answer state(TestClient client) {
		if (!this.model) {
			return new SessionClient(client, this.id).state();
		}
		String rows = LongStream.range(TABLE - ROWS, TABLE).mapToObj(Long::toString).collect(Collectors.joining(","));
		return client.send("POST", "/adagrad/sessions/" + this.id + "/state/lookup",
				json("{'tensors':{" + tensors((i) -> "") + ",'table':{'indices':[" + rows + "]}}}"), "Content-Type",
				"application/json");
	}

	private static String tensors(IntFunction<String> each) {
		return IntStream.range(0, TENSORS)
			.mapToObj((i) -> "'" + name(i) + "':{" + each.apply(i) + "}")
			.collect(Collectors.joining(","));
	}

	private static String name(int tensor) {
		return String.format("layers.%02d.weight", tensor);
	}

	private static long row(long step) {
		return TABLE - ROWS + step % ROWS;
	}

	private static int[] grad(long step) {
		return IntStream.range(0, SIZE).map((i) -> (int) (1 + (step + i) % 7)).toArray();
	}

	private void assertWhole(Answer state, long step) {
		double[] G = new double[SIZE];
		double[] rows = new double[ROWS];
		for (long t = 1; t <= step; t++) {
			int[] grad = grad(t);
			for (int i = 0; i < SIZE; i++) {
				G[i] += grad[i] * grad[i];
			}
			rows[(int) (t % ROWS)] += (t % 7) * (t % 7);
		}
		JsonNode json = state.json();
		List<JsonNode> arrays = this.model
				? IntStream.range(0, TENSORS).mapToObj((i) -> json.at("/tensors/" + name(i) + "/G")).toList()
				: List.of(json.get("G"));
		assertThat(arrays.stream().flatMap(JsonNode::valueStream).mapToDouble(JsonNode::asDouble).toArray())
			.as("G at step %d", step)
			.isEqualTo(G);
		if (this.model) {
			assertThat(json.at("/tensors/table/G").valueStream().mapToDouble(JsonNode::asDouble).toArray())
				.as("G of the table at step %d", step)
				.isEqualTo(rows);
		}
	}

}
