package dev.adagrad.kernel;

/// The hyperparameters of a step. They are F64, whatever the dtype of the tensors, and are rounded to that dtype where
/// they meet a tensor. So ε = 1e-300 is 0 in a step in F32.
///
/// Immutable; cannot exist out of range.
///
/// @param learningRate η, finite and ≥ 0
/// @param epsilon ε, finite and ≥ 0
/// @param epsilonPlacement whether ε is added to √G or to G
/// @param lrDecay how fast the learning rate falls with the step, finite and ≥ 0
/// @param weightDecay λ, finite and ≥ 0; at 0 there is no weight decay
/// @param weightDecayMode where λ acts
/// @param maximize whether to climb the gradient rather than to descend it
/// @param clipping what bounds the gradient
/// @param l1 how strongly each element is pulled to 0, finite and ≥ 0
/// @param l2 how strongly each element is shrunk, finite and ≥ 0
/// @param learningRateScale the factor for η_t, finite and ≥ 0
public record Hyperparameters(double learningRate, double epsilon, EpsilonPlacement epsilonPlacement, double lrDecay,
		double weightDecay, WeightDecayMode weightDecayMode, boolean maximize, Clipping clipping, double l1, double l2,
		double learningRateScale) {

	private static final Hyperparameters DEFAULTS = new Hyperparameters(0.01, 1e-8, EpsilonPlacement.OUTSIDE_SQRT, 0, 0,
			WeightDecayMode.COUPLED, false, new Clipping.None());

	/// @throws IllegalArgumentException if a number is not finite or not ≥ 0
	public Hyperparameters {
		requireNonNegative("learning_rate", learningRate);
		requireNonNegative("epsilon", epsilon);
		requireNonNegative("lr_decay", lrDecay);
		requireNonNegative("weight_decay", weightDecay);
		requireNonNegative("l1", l1);
		requireNonNegative("l2", l2);
		requireNonNegative("learning_rate_scale", learningRateScale);
	}

	/// Hyperparameters without line 8 and without a scale for η_t.
	/// @throws IllegalArgumentException if a number is not finite or not ≥ 0
	public Hyperparameters(double learningRate, double epsilon, EpsilonPlacement epsilonPlacement, double lrDecay,
			double weightDecay, WeightDecayMode weightDecayMode, boolean maximize, Clipping clipping) {
		this(learningRate, epsilon, epsilonPlacement, lrDecay, weightDecay, weightDecayMode, maximize, clipping, 0, 0,
				1);
	}

	/// The defaults: learning rate 0.01, ε = 1e-8 outside the root, and nothing else.
	public static Hyperparameters defaults() {
		return DEFAULTS;
	}

	/// The same with another learning rate.
	/// @throws IllegalArgumentException if it is not finite or not ≥ 0
	public Hyperparameters withLearningRate(double learningRate) {
		return new Hyperparameters(learningRate, this.epsilon, this.epsilonPlacement, this.lrDecay, this.weightDecay,
				this.weightDecayMode, this.maximize, this.clipping, this.l1, this.l2, this.learningRateScale);
	}

	/// The learning rate at a step, in F64:
	///
	/// `η_t = learning_rate / (1 + (t − 1) · lr_decay)`
	///
	/// Each operation is rounded once. So is t − 1 when it becomes F64, since it may be
	/// beyond 2⁵³.
	/// @param step t, the 1-based number of the step
	/// @return η_t, finite and ≥ 0
	/// @throws IllegalArgumentException if `step` is not ≥ 1
	public double effectiveRate(long step) {
		if (step < 1) {
			throw new IllegalArgumentException("step must be >= 1, was " + step);
		}
		return this.learningRate / (1 + (double) (step - 1) * this.lrDecay);
	}

	/// The learning rate at a step for these elements: `η_t · learning_rate_scale`, in
	/// F64; infinite if it is beyond F64.
	double scaledRate(long step) {
		return effectiveRate(step) * this.learningRateScale;
	}

	/// Whether line 8 is asked for.
	boolean isProximal() {
		return this.l1 != 0 || this.l2 != 0;
	}

	/// Whether θ_old is needed beside θ_new.
	boolean isDecoupled() {
		return this.weightDecay != 0 && this.weightDecayMode == WeightDecayMode.DECOUPLED;
	}

	private static void requireNonNegative(String name, double value) {
		if (!(value >= 0) || Double.isInfinite(value)) {
			throw new IllegalArgumentException(name + " must be finite and >= 0, was " + value);
		}
	}

}
