package dev.adagrad.kernel;

import java.util.random.RandomGenerator;

import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Tensor;

/// A step drawn at random, from ordinary to hostile: magnitudes from subnormal to the verge of overflow, zeros of both
/// signs, gradients that cancel the weight decay, no ε, late steps.
record RandomStep(DType dtype, Hyperparameters h, long step, Tensor parameter, Tensor grad, Tensor G) {

	static RandomStep of(RandomGenerator random, int size) {
		DType dtype = random.nextBoolean() ? DType.F64 : DType.F32;
		double weightDecay = pick(random, 0, 0, 0, 0.01, 1, 1e-300, 1e300);
		Clipping clipping = switch (random.nextInt(4)) {
			case 0 -> new Clipping.ByValue(pick(random, 1, 0.1, 1e-50, 1e300, Double.MIN_VALUE));
			case 1 -> new Clipping.ByNorm(pick(random, 1, 0.1, 1e-50, 1e300, Double.MIN_VALUE), Clipping.Scope.GLOBAL);
			default -> new Clipping.None();
		};
		Hyperparameters h = switch (random.nextInt(8)) {
			case 0 -> Preset.TORCH.hyperparameters();
			case 1 -> Preset.KERAS.hyperparameters();
			case 2 -> Preset.OPTAX.hyperparameters();
			case 3 -> Hyperparameters.defaults();
			default -> new Hyperparameters(pick(random, 0.01, 1, 0, 1e-320, 1e40, 1e308),
					pick(random, 1e-8, 1e-10, 1, 0, 1e-50, 1e300, Double.MIN_VALUE),
					random.nextBoolean() ? EpsilonPlacement.OUTSIDE_SQRT : EpsilonPlacement.INSIDE_SQRT,
					pick(random, 0, 0.5, 1e-9, 1e300), weightDecay,
					random.nextBoolean() ? WeightDecayMode.COUPLED : WeightDecayMode.DECOUPLED, random.nextBoolean(),
					clipping, pick(random, 0, 0, 0.1, 1, 1e-300, 1e300), pick(random, 0, 0, 0.1, 1, 1e-300, 1e300),
					pick(random, 1, 1, 0.5, 1e-30));
		};
		long step = switch (random.nextInt(4)) {
			case 0 -> 1;
			case 1 -> 1 + random.nextInt(100);
			case 2 -> (1L << 53) + random.nextInt(9);
			default -> Long.MAX_VALUE - random.nextInt(2000);
		};
		double[] parameter = elements(random, dtype, size);
		double[] grad = elements(random, dtype, size);
		if (random.nextInt(8) == 0) {
			for (int i = 0; i < size; i++) {
				grad[i] = dtype.round(-h.weightDecay() * parameter[i]);
				grad[i] = Double.isFinite(grad[i]) ? grad[i] : 0;
			}
		}
		double[] G = elements(random, dtype, size);
		for (int i = 0; i < size; i++) {
			G[i] = (random.nextInt(8) == 0) ? -0.0 : Math.abs(G[i]);
		}
		return new RandomStep(dtype, h, step, Values.vector(dtype, parameter), Values.vector(dtype, grad),
				Values.vector(dtype, G));
	}

	private static double[] elements(RandomGenerator random, DType dtype, int size) {
		int kind = random.nextInt(12);
		double[] elements = new double[size];
		for (int i = 0; i < size; i++) {
			elements[i] = dtype.round(element(random, dtype, kind));
		}
		return elements;
	}

	private static double element(RandomGenerator random, DType dtype, int kind) {
		double gauss = random.nextGaussian();
		boolean wide = dtype == DType.F64;
		return switch (kind) {
			case 0, 1, 2, 3, 4 -> gauss;
			case 5 -> gauss * 1e3;
			case 6 -> random.nextBoolean() ? 0.0 : -0.0;
			// squares are subnormal or 0
			case 7 -> gauss * (wide ? 1e-160 : 1e-22);
			case 8 -> gauss * (wide ? 100 * Double.MIN_VALUE : 100 * Float.MIN_VALUE);
			// squares are on either side of the largest number
			case 9 -> gauss * (wide ? 1e154 : 1e19);
			case 10 -> random.nextDouble(-1, 1) * (wide ? Double.MAX_VALUE : Float.MAX_VALUE);
			default -> element(random, dtype, random.nextInt(11));
		};
	}

	private static double pick(RandomGenerator random, double... choices) {
		return choices[random.nextInt(choices.length)];
	}

	@Override
	public String toString() {
		return this.dtype + " step " + this.step + " of " + this.parameter.size() + " with " + this.h;
	}

}
