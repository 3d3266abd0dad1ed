import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.SessionsApi;
import org.openapitools.client.api.StepApi;
import org.openapitools.client.model.CreateSessionRequest;
import org.openapitools.client.model.Include;
import org.openapitools.client.model.Preset;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.RestoreRequest;
import org.openapitools.client.model.SessionDescription;
import org.openapitools.client.model.SessionStepRequest;
import org.openapitools.client.model.SessionStepResponse;
import org.openapitools.client.model.StepRequest;
import org.openapitools.client.model.StepResponse;
import org.openapitools.client.model.TensorStepRequest;

/** Calls the service through the clients that openapi-generator made (generator java). Library tells one from the other. */
class Check {

	interface Call {

		void run() throws ApiException;

	}

	static void check(String name, Object actual, Object expected) {
		if (!Objects.equals(actual, expected)) {
			System.err.println(Library.NAME + ": " + name + ": " + actual + ", expected " + expected);
			System.exit(1);
		}
		System.out.println(Library.NAME + ": " + name + ": ok");
	}

	/** The problem that a call is refused with. */
	static Problem refusal(Call call) throws Exception {
		try {
			call.run();
		}
		catch (ApiException refused) {
			Problem problem = Library.problem(refused.getResponseBody());
			check("problem, status", problem.getStatus(), refused.getCode());
			return problem;
		}
		throw new AssertionError("it was accepted");
	}

	// Expected values: the arithmetic that the API documents, done elsewhere in doubles; the same to the last bit.
	public static void main(String[] arguments) throws Exception {
		ApiClient client = Library.client(arguments[0]);
		StepApi api = new StepApi(client);
		List<Double> first = List.of(0.9900000009999999, 1.9900000005, 2.990000000333333);
		StepResponse answer = api.step(new StepRequest().parameter(List.of(1.0, 2.0, 3.0))
			.grad(List.of(0.1, 0.2, 0.3))
			.G(List.of(0.0, 0.0, 0.0))
			.include(List.of(Include.UPDATE, Include.EFFECTIVE_LEARNING_RATE)));
		check("arrays, parameter", answer.getParameter(), first);
		check("arrays, G", answer.getG(), List.of(0.010000000000000002, 0.04000000000000001, 0.09));
		check("arrays, update", answer.getUpdate(), List.of(0.0099999990000001, 0.009999999500000025, 0.00999999966666668));
		StepRequest preset = new StepRequest().parameter(List.of(1.0)).grad(List.of(0.1)).G(List.of(1.0)).preset(Preset.KERAS);
		check("preset keras", api.step(preset).getParameter(), List.of(0.9999004962859049));
		TensorStepRequest tensor = new TensorStepRequest().parameter(List.of(1.0, 2.0, 3.0))
			.grad(List.of(0.1, 0.2, 0.3))
			.G(List.of(0.0, 0.0, 0.0));
		check("model", api.step(new StepRequest().tensors(Map.of("w", tensor))).getTensors().get("w").getParameter(), first);
		Problem problem = refusal(() -> api
			.step(new StepRequest().parameter(List.of(1.0, 2.0)).grad(List.of(0.1)).G(List.of(0.0, 0.0))));
		check("problem, code", problem.getCode(), "length-mismatch");
		check("problem, pointer", problem.getErrors().get(0).getPointer(), "/grad");

		SessionsApi sessions = new SessionsApi(client);
		String id = "java-" + UUID.randomUUID();
		SessionDescription created = sessions.putSession(id,
				new CreateSessionRequest().parameter(List.of(1.0, 2.0, 3.0)), null, null);
		check("session, created", List.of(created.getId(), created.getStep(), created.getSize(), created.getHoldsParameter()),
				List.of(id, 0L, 3L, true));
		// no indices, no parameter and no tensors are sent, empty ones neither
		SessionStepRequest step = new SessionStepRequest().grad(List.of(0.1, 0.2, 0.3)).include(List.of(Include.G));
		SessionStepResponse stepped = sessions.stepSession(id, step, "step 1", null, null, null);
		check("session, parameter", stepped.getParameter(), first);
		check("session, G", stepped.getG(), List.of(0.010000000000000002, 0.04000000000000001, 0.09));
		check("session, the same answer", sessions.stepSession(id, step, "step 1", null, null, null), stepped);
		Problem mismatch = refusal(() -> sessions.stepSession(id, step, null, "\"41\"", null, null));
		check("session, mismatch", List.of(mismatch.getStatus(), mismatch.getCode(), mismatch.getStep()),
				List.of(412, "step-mismatch", 1L));
		SessionStepResponse sparse = sessions.stepSession(id,
				new SessionStepRequest().indices(List.of(2L, 0L, 2L)).grad(List.of(0.1, 0.2, 0.3)).learningRate(0.0), null, null,
				null, null);
		check("sparse step", List.of(sparse.getStep(), sparse.getIndices(), sparse.getParameter()),
				List.of(2L, List.of(0L, 2L), List.of(first.get(0), first.get(2))));
		sessions.deleteSession(id, null, null);
		check("session, deleted", refusal(() -> sessions.getSession(id, null, null)).getCode(), "session-not-found");

		String table = "java-" + UUID.randomUUID();
		check("size of 64 bits", sessions.putSession(table, new CreateSessionRequest().size(1L << 40), null, null).getSize(), 1L << 40);
		sessions.deleteSession(table, null, null);

		// a service that asks for a key
		StepRequest request = new StepRequest().parameter(List.of(1.0, 2.0, 3.0))
			.grad(List.of(0.1, 0.2, 0.3))
			.G(List.of(0.0, 0.0, 0.0));
		String keyed = System.getenv("KEYED_URL");
		check("no key", refusal(() -> new StepApi(Library.client(keyed)).step(request)).getCode(), "unauthorized");
		ApiClient trainer = Library.client(keyed, System.getenv("KEY"));
		check("key", new StepApi(trainer).step(request).getParameter(), first);
		Problem forbidden = refusal(() -> new SessionsApi(trainer).putState("my-model",
				new RestoreRequest().step(0L).G(List.of(0.0)), null, null, null));
		check("key, no scope", forbidden.getCode(), "forbidden");
	}

}
