package dev.adagrad.step;

/// What the API's document says of each field of a step.
final class FieldTexts {

	static final String REQUEST = "One AdaGrad step. parameter, grad and G are all numbers, or all arrays of one length.";

	static final String PARAMETER = "θ before the step.";

	static final String GRAD = "The gradient at θ.";

	static final String G = "The accumulator: the sum of the squared gradients so far. 0 before the first step. "
			+ "Every element is ≥ 0.";

	static final String STEP = "t, the 1-based number of this step; only lr_decay looks at it.";

	static final String INCLUDE = "More to answer: effective_learning_rate is η_t / denominator (0 where that is 0), "
			+ "update is what was subtracted from θ.";

	static final String RESPONSE = "The state after the step, in the shape of the request: numbers for numbers, arrays "
			+ "for arrays.";

	static final String NEW_PARAMETER = "θ after the step.";

	static final String NEW_G = "The accumulator after the step.";

	static final String EFFECTIVE_LEARNING_RATE = "η_t / denominator, 0 where the denominator is 0; only if included.";

	static final String UPDATE = "What was subtracted from θ; only if included.";

	private FieldTexts() {
	}

}
