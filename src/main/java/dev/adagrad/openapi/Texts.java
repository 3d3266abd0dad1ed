package dev.adagrad.openapi;

/// The longer texts of the OpenAPI document.
final class Texts {

	private static final String UPDATE = """
			AdaGrad scales each parameter's learning rate by the history of its gradients:

			    G ← G + g²
			    θ ← θ − η·g / (√G + ε)

			""";

	private static final String STATELESS = """
			POST `parameter`, `grad` and `G` to `/adagrad/step`; the answer is the next `parameter` and the next `G`. Nothing \
			of that is kept on the server: send the `G` you got back with your next gradient (zeros before the first step).

			""";

	private static final String FORMATS = """
			Tensors travel as JSON, or without decimals: as a [safetensors](https://huggingface.co/docs/safetensors/index#format) \
			file, `application/vnd.safetensors`, which is smaller and faster where they are large. `Content-Type` says what you \
			send, `Accept` what you want; without it the answer comes as the request came. What stands in \
			such a file is told at the end of this page, under `SafetensorsFile`.

			""";

	private static final String WITH_SESSIONS = """
			Or create a session, and send gradients: `G`, and if you like the parameter, stay on the server, durable and \
			shared, and a step that is retried with its `Idempotency-Key` is taken exactly once. A sparse step names the \
			elements that it is about, and costs as much as they are.

			""";

	private static final String ERRORS = """
			All errors are `application/problem+json` (RFC 9457) with a stable `code`; the `type` of each opens as a page \
			that explains it: [all problems](../problems).""";

	static final String SESSIONS = """
			Sessions: `G`, and the parameter where that is wanted, stay on the server under an optimizer id.

			**Exactly once.** Send each step with an `Idempotency-Key` of its own. Where the answer does not come (a broken \
			connection, a 503), send the same again with the same key, as often as it takes: the step is applied once, and \
			answered each time.

			**Concurrency.** Steps of one session are taken one after the other, whichever replica takes them. Each answer \
			carries an `ETag`; with `If-Match` a call is carried out only if the session is still at that version, or at the \
			step that a bare number names (`"41"`).""";

	static final String PUT_SESSION = """
			Repeating it is safe: the same configuration and the same initial tensors under an id that exists are answered \
			with 200 and the session as it is now, at whatever step; nothing is reset. Anything else is 409.""";

	static final String CREATE_SESSION = """
			Each call makes another session. Where the answer may get lost, create it under an id of your own instead.""";

	static final String LIST_SESSIONS = "By the bytes of their ids, page by page.";

	static final String GET_SESSION = "Everything that is in force, but not the tensors.";

	static final String STEP_SESSION = """
			The update is that of `/adagrad/step`, with the session's hyperparameters and `G`. Where the server holds the \
			parameter, send `grad` alone; where it does not, send `parameter` beside it.

			With `indices` the step is sparse: `grad`, and `parameter` where it is sent, hold the values at these indices, in \
			any order. Values of one index are summed in the order given, before all else; parameters of one index must agree. \
			The answer gives the elements at the distinct indices, ascending. All other elements stay as they are: no weight \
			decay, no part in the clip norm. The cost follows the number of indices, not the size of the session.

			The answer comes when the step is durable. A 4xx was not applied, but for `step-superseded`.

			A key is looked at first. Sent again while its step is the newest, it gets the same answer; later, where the \
			server holds the parameter, the current one, with `applied_step`; else 409 `step-superseded`. Two requests are the \
			same when `grad`, `parameter`, `indices` and `learning_rate` have the same values; −0 is the same as 0.""";

	static final String GET_STATE = """
			All of one moment. What it gives, `PUT` takes. With `indices`, only those elements.""";

	static final String LOOKUP_STATE = """
			As reading the state with `indices` in the URL, for as many as you like: the elements at the distinct indices, \
			ascending, all of one moment. The cost follows their number, not the size of the session.""";

	static final String INDICES = "Only these elements, in any order: `1,5,9`. For many, use `state/lookup`.";

	static final String PUT_STATE = """
			All of it or nothing. The session goes on from that step; keys of steps that this undoes are forgotten.""";

	static final String DELETE_SESSION = "With all that was remembered of it. The id is free at once.";

	static final String IDEMPOTENCY_KEY = "Names this step: 1 to 255 characters, bare or quoted. Best made anew for each "
			+ "step, and kept for its retries.";

	static final String IF_MATCH = "Only if the session is at one of these versions: an ETag, or a step number in quotes.";

	static final String IF_NONE_MATCH = "Only if the session is at none of these versions.";

	static final String IF_NONE_MATCH_ANY = "`*`: only if there is no such session.";

	static final String PREFER = "`return=minimal` leaves the tensors out of the answer.";

	static final String STEP = """
			With `g` the gradient, `θ` the parameter and `t` the number of the step, elementwise and in this order:

			1. `maximize`: `g ← −g`
			2. clipping: `clip_value` c: `g ← min(max(g, −c), c)`; `clip_norm` c: `g ← g · min(1, c / ‖g‖₂)`
			3. `weight_decay` λ, mode `coupled`: `g ← g + λθ`
			4. `G ← G + g²`
			5. `η_t = learning_rate / (1 + (t − 1) · lr_decay)`
			6. `epsilon_placement` `outside_sqrt`: `Δ = η_t · g / (√G + ε)`; `inside_sqrt`: `Δ = η_t · g / √(G + ε)`
			7. `θ ← θ − Δ`; with mode `decoupled`: `θ ← (θ − Δ) − (η_t·λ)·θ_old`

			Each operation is rounded once to `dtype`, left to right as written, without FMA; hyperparameters and η_t are \
			F64, and so are η_t·λ and the factor min(1, c / ‖g‖₂); each is rounded to `dtype` where it meets a tensor. \
			‖g‖₂ is one F64 sum in ascending order of the index, rescaled by max|g| where it would over- or underflow. A \
			line that is not asked for (λ = 0, no clipping) is not run. So anyone can reproduce the answer bit for bit. \
			Where the denominator is 0, Δ is 0. A result that would not be finite refuses the whole step.""";

	static final String NUMBER_ARRAY = "An array of numbers, each finite in the precision of the session.";

	static final String NUMBERS = "A number, or an array of numbers, each finite in the precision that dtype names.";

	private static final String FILE = """
			A [safetensors](https://huggingface.co/docs/safetensors/index#format) file: the length of its header, an unsigned \
			integer of 64 bits; the header, a JSON object; and the elements of the tensors. All little-endian, in row-major order.

			    {"__metadata__": {"learning_rate": "0.1"}, "parameter": {"dtype": "F64", "shape": [3], "data_offsets": [0, 24]}, …}

			The tensors bear the names that the arrays have in JSON. They are F64 or F32, all of one dtype, which is the precision \
			of the step, and of one shape: any, with rank 0 for a number. They may stand in any order and at any alignment, but \
			without a hole.

			What is no tensor stands in `__metadata__`, as a string: numbers as JSON writes them, `true` and `false`, `include` \
			with commas between the names. `dtype` need not be given. `format`, which libraries write, is overlooked; any other \
			name that JSON does not have is refused too.

			| what | tensors | `__metadata__` |
			|---|---|---|
			| a step | `parameter`, `grad`, `G` | `step`, `include`, hyperparameters |
			| its answer, in the request's shape | `parameter`, `G`, and what was included | |
			""";

	private static final String FILE_OF_A_SESSION = """
			| a creation | `G`, `parameter`, both, or with `size` none | hyperparameters, `size` and all other fields |
			| a step of a session | `grad`; `parameter` unless the server holds it; `indices`, which are I64 | `learning_rate`, `include` |
			| its answer, in the request's shape, of a sparse step as long as `indices` | `parameter`, `indices`, and what was included | `step`, `applied_step` |
			| a state, of shape [size], or as long as `indices` | `G`; `parameter` where the server holds it; `indices` | `step` |
			| a restore | `G`; `parameter` where the server holds it | `step` |
			| a look-up | `indices`, which are I64 | |
			""";

	private Texts() {
	}

	static String introduction(boolean sessions) {
		return UPDATE + STATELESS + (sessions ? WITH_SESSIONS : "") + FORMATS + ERRORS;
	}

	/// What stands in a safetensors file.
	static String file(boolean sessions) {
		return FILE + (sessions ? FILE_OF_A_SESSION : "");
	}

}
