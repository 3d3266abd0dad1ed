package dev.adagrad.request;

/// What the API's document says of each hyperparameter.
public final class HyperparameterTexts {

	public static final String DTYPE = "The precision of the whole step.";

	public static final String PRESET = "The defaults of a library; named values override them. torch: learning_rate 0.01, "
			+ "epsilon 1e-10 outside_sqrt. keras: 0.001, 1e-7 inside_sqrt, weight_decay_mode decoupled. "
			+ "optax: 0.01, 1e-7 inside_sqrt.";

	public static final String LEARNING_RATE = "η. 0.01, unless the preset says otherwise.";

	public static final String EPSILON = "ε, which keeps the denominator away from 0. 1e-8, unless the preset says otherwise.";

	public static final String EPSILON_PLACEMENT = "√G + ε (outside_sqrt) or √(G + ε) (inside_sqrt). outside_sqrt, unless the "
			+ "preset says otherwise.";

	public static final String LR_DECAY = "η_t = learning_rate / (1 + (t − 1) · lr_decay).";

	public static final String WEIGHT_DECAY = "λ.";

	public static final String WEIGHT_DECAY_MODE = "coupled: g + λθ, L2 regularisation. decoupled: θ shrinks by η_t·λ·θ beside "
			+ "the step. coupled, unless the preset says otherwise.";

	public static final String MAXIMIZE = "Climb instead of descend: g ← −g.";

	public static final String CLIP_VALUE = "Clip every element of the gradient to ±clip_value. Not together with clip_norm.";

	public static final String CLIP_NORM = "Scale the gradient down to this Euclidean norm if it is longer. Not together with "
			+ "clip_value.";

	private HyperparameterTexts() {
	}

}
