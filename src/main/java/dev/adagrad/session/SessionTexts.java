package dev.adagrad.session;

/// What the API's document says of each field of a session's requests and answers.
final class SessionTexts {

	static final String CREATE_REQUEST = "A session: its hyperparameters, and what G (and, if the server is to hold it, "
			+ "the parameter) starts from. Either size, or G and/or parameter of one length.";

	static final String SIZE = "How many elements, where neither G nor parameter is given.";

	static final String INITIAL_G = "What G starts from, every element ≥ 0.";

	static final String INITIAL_PARAMETER = "What the parameter starts from; the server then holds it, and steps need "
			+ "only grad.";

	static final String INITIAL_ACCUMULATOR_VALUE = "What every element of G starts from, where G is not given. 0, "
			+ "unless the preset says otherwise.";

	static final String INITIAL_PARAMETER_VALUE = "Beside size: what every element of the parameter starts from; the "
			+ "server then holds it.";

	static final String INITIAL_STEP = "How many steps have been taken before, where training goes on.";

	static final String TTL_SECONDS = "So long after its creation, its last step or its last restore the session is "
			+ "gone. Without it, never.";

	static final String DTYPE = "The precision of the session: of G, the parameter and every step.";

	static final String PRESET_G = " G starts from 0, with keras and optax from 0.1.";

	static final String STEP_REQUEST = "One step of a session. All arrays have the session's size, or with indices theirs.";

	static final String GRAD = "The gradient.";

	static final String PARAMETER = "θ before the step: required, unless the server holds it; then it is refused.";

	static final String INDICES = "A sparse step: the elements that grad (and parameter) are about, each 0 … size − 1, in "
			+ "any order. Values given for one index are summed. All other elements stay as they are.";

	static final String STEPPED_INDICES = "Of a sparse step: the distinct indices, ascending, which the tensors are about.";

	static final String LOOKUP_REQUEST = "The elements to be read.";

	static final String LOOKUP_INDICES = "Their indices, each 0 … size − 1, in any order.";

	static final String FOUND_INDICES = "Where only some elements were asked for: their distinct indices, ascending.";

	static final String STEP_LEARNING_RATE = "η for this step alone, instead of the session's; lr_decay still applies.";

	static final String INCLUDE = "More to answer: G after the step, effective_learning_rate η_t / denominator (0 where "
			+ "that is 0), update, which was subtracted from θ.";

	static final String STEP_RESPONSE = "The session after the step. With Prefer: return=minimal, without tensors.";

	static final String STEP_AFTER = "How many steps the session has taken.";

	static final String APPLIED_STEP = "Only where a key is sent again after others have stepped: the step that it was "
			+ "applied at. The tensors are then those of now.";

	static final String NEW_PARAMETER = "θ after the step.";

	static final String NEW_G = "The accumulator after the step; only if included.";

	static final String EFFECTIVE_LEARNING_RATE = "η_t / denominator, 0 where the denominator is 0; only if included.";

	static final String UPDATE = "What was subtracted from θ; only if included, and left out of a repeated answer where "
			+ "the server holds the parameter.";

	static final String RESTORE_REQUEST = "A state as GET …/state gave it.";

	static final String STATE_RESPONSE = "The state of the session, all of one moment.";

	static final String STATE_STEP = "How many steps have been taken.";

	static final String STATE_G = "The accumulator, every element ≥ 0.";

	static final String STATE_PARAMETER = "The parameter, exactly where the server holds it.";

	static final String DESCRIPTION = "A session: everything in force, defaults and preset filled in.";

	static final String ID = "The optimizer id.";

	static final String SIZE_OF = "How many elements G has.";

	static final String HOLDS_PARAMETER = "Whether the server keeps the parameter too.";

	static final String STARTED_FROM_G = "What every element of G started from, unless G was given.";

	static final String STARTED_FROM_PARAMETER = "What every element of the parameter started from, unless it was given.";

	static final String CREATED_AT = "When it was created.";

	static final String UPDATED_AT = "When it was created, stepped or restored last.";

	static final String EXPIRES_AT = "From when on it is gone; only with ttl_seconds.";

	static final String LIST = "A page of sessions.";

	static final String SESSIONS = "Sessions by the bytes of their ids.";

	static final String NEXT = "Send it as after to get the next page; null after the last.";

	private SessionTexts() {
	}

}
