package dev.adagrad.kernel;

/// The defaults of well-known implementations, for users who move a training from one of them.
public enum Preset {

	/// PyTorch: learning rate 0.01, ε = 1e-10 outside the root, G from 0, weight decay
	/// coupled.
	///
	/// @see <a
	/// href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html">torch.optim.Adagrad</a>
	TORCH(0.01, 1e-10, EpsilonPlacement.OUTSIDE_SQRT, WeightDecayMode.COUPLED, 0.0),
	/// Keras: learning rate 0.001, ε = 1e-7 inside the root, G from 0.1, weight decay
	/// decoupled.
	///
	/// @see <a
	/// href="https://keras.io/api/optimizers/adagrad/">keras.optimizers.Adagrad</a>
	KERAS(0.001, 1e-7, EpsilonPlacement.INSIDE_SQRT, WeightDecayMode.DECOUPLED, 0.1),
	/// Optax: ε = 1e-7 inside the root, G from 0.1. Optax has no default learning rate,
	/// and its AdaGrad has no weight decay: 0.01 and coupled are our choices.
	///
	/// @see <a
	/// href="https://optax.readthedocs.io/en/latest/api/optimizers.html#optax.adagrad">optax.adagrad</a>
	OPTAX(0.01, 1e-7, EpsilonPlacement.INSIDE_SQRT, WeightDecayMode.COUPLED, 0.1);

	private final double learningRate;

	private final double epsilon;

	private final EpsilonPlacement epsilonPlacement;

	private final WeightDecayMode weightDecayMode;

	private final double initialAccumulatorValue;

	Preset(double learningRate, double epsilon, EpsilonPlacement epsilonPlacement, WeightDecayMode weightDecayMode,
			double initialAccumulatorValue) {
		this.learningRate = learningRate;
		this.epsilon = epsilon;
		this.epsilonPlacement = epsilonPlacement;
		this.weightDecayMode = weightDecayMode;
		this.initialAccumulatorValue = initialAccumulatorValue;
	}

	/// The hyperparameters in force if the client names none.
	public Hyperparameters hyperparameters() {
		return new Hyperparameters(this.learningRate, this.epsilon, this.epsilonPlacement, 0, 0, this.weightDecayMode,
				false, new Clipping.None());
	}

	/// The initial value of every element of G.
	public double initialAccumulatorValue() {
		return this.initialAccumulatorValue;
	}

}
