package dev.adagrad.step;

/// What the API's document says of each field of a step.
final class FieldTexts {

	static final String REQUEST = "One AdaGrad step. parameter, grad and G are all numbers, or all arrays of one length.";

	static final String PARAMETER = "θ before the step.";

	static final String GRAD = "The gradient at θ.";

	static final String G = "The accumulator: the sum of the squared gradients so far. 0 before the first step. "
			+ "Every element is ≥ 0.";

	static final String STEP = "t, the 1-based number of this step; only lr_decay looks at it.";

	static final String DTYPE = "The precision of the whole step.";

	static final String PRESET = "The defaults of a library; named values override them. torch: learning_rate 0.01, "
			+ "epsilon 1e-10 outside_sqrt. keras: 0.001, 1e-7 inside_sqrt, weight_decay_mode decoupled. "
			+ "optax: 0.01, 1e-7 inside_sqrt.";

	static final String LEARNING_RATE = "η. 0.01, unless the preset says otherwise.";

	static final String EPSILON = "ε, which keeps the denominator away from 0. 1e-8, unless the preset says otherwise.";

	static final String EPSILON_PLACEMENT = "√G + ε (outside_sqrt) or √(G + ε) (inside_sqrt). outside_sqrt, unless the "
			+ "preset says otherwise.";

	static final String LR_DECAY = "η_t = learning_rate / (1 + (t − 1) · lr_decay).";

	static final String WEIGHT_DECAY = "λ.";

	static final String WEIGHT_DECAY_MODE = "coupled: g + λθ, L2 regularisation. decoupled: θ shrinks by η_t·λ·θ beside "
			+ "the step. coupled, unless the preset says otherwise.";

	static final String MAXIMIZE = "Climb instead of descend: g ← −g.";

	static final String CLIP_VALUE = "Clip every element of the gradient to ±clip_value. Not together with clip_norm.";

	static final String CLIP_NORM = "Scale the gradient down to this Euclidean norm if it is longer. Not together with "
			+ "clip_value.";

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
