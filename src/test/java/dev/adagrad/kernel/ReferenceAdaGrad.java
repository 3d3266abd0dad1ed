package dev.adagrad.kernel;

import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Tensor;

/// The update written down once more, one element after the other and one operation per line, to check the loops
/// against. It computes in F64 and rounds each operation to the dtype: for +, −, ·, / and √ of two floats that gives the
/// float that a float operation gives.
final class ReferenceAdaGrad {

	private final DType dtype;

	private final Hyperparameters h;

	private final long step;

	ReferenceAdaGrad(DType dtype, Hyperparameters h, long step) {
		this.dtype = dtype;
		this.h = h;
		this.step = step;
	}

	/// What a step comes to.
	sealed interface Outcome {

	}

	/// All that a step can tell.
	record Result(Tensor parameter, Tensor G, Tensor effectiveLearningRate, Tensor update) implements Outcome {
	}

	/// The first element that is not finite.
	record Refusal(String tensorName, int index) implements Outcome {
	}

	/// @param withEffectiveLearningRate whether it was asked for, and so may refuse the
	/// step
	Outcome step(double[] parameter, double[] grad, double[] G, boolean withEffectiveLearningRate) {
		int size = parameter.length;
		double[] newParameters = new double[size];
		double[] newGs = new double[size];
		double[] effectives = new double[size];
		double[] updates = new double[size];
		double decaySteps = (double) (this.step - 1);
		double decay = decaySteps * this.h.lrDecay();
		double divisor = 1 + decay;
		double rate = this.h.learningRate() / divisor * this.h.learningRateScale();
		double factor = 1;
		if (this.h.clipping() instanceof Clipping.ByNorm byNorm) {
			factor = round(clipFactor(byNorm.limit(), grad));
		}
		for (int i = 0; i < size; i++) {
			double g = grad[i];
			if (this.h.maximize()) {
				g = -g;
			}
			if (this.h.clipping() instanceof Clipping.ByValue(double limit)) {
				double c = round(limit);
				g = (g > c) ? c : (g < -c) ? -c : g;
			}
			if (this.h.clipping() instanceof Clipping.ByNorm) {
				g = round(g * factor);
			}
			if (this.h.weightDecayMode() == WeightDecayMode.COUPLED && this.h.weightDecay() > 0) {
				double decayed = round(round(this.h.weightDecay()) * parameter[i]);
				g = round(g + decayed);
			}
			double square = round(g * g);
			double newG = round(G[i] + square);
			double denominator = denominator(newG);
			double numerator = round(round(rate) * g);
			double update = (denominator == 0) ? 0 : round(numerator / denominator);
			double newParameter = round(parameter[i] - update);
			if (this.h.weightDecayMode() == WeightDecayMode.DECOUPLED && this.h.weightDecay() > 0) {
				double decayed = round(round(rate * this.h.weightDecay()) * parameter[i]);
				newParameter = round(newParameter - decayed);
			}
			double effective = (denominator == 0) ? 0 : round(round(rate) / denominator);
			if (this.h.l1() != 0 || this.h.l2() != 0) {
				newParameter = proximal(newParameter, effective);
			}
			if (!Double.isFinite(newG)) {
				return new Refusal("G", i);
			}
			if (!Double.isFinite(newParameter)) {
				return new Refusal("parameter", i);
			}
			if (withEffectiveLearningRate && !Double.isFinite(effective)) {
				return new Refusal("effective_learning_rate", i);
			}
			newParameters[i] = newParameter;
			newGs[i] = newG;
			effectives[i] = Double.isFinite(effective) ? effective : 0;
			updates[i] = update;
		}
		return new Result(Values.vector(this.dtype, newParameters), Values.vector(this.dtype, newGs),
				Values.vector(this.dtype, effectives), Values.vector(this.dtype, updates));
	}

	private double proximal(double moved, double a) {
		double magnitude = Math.abs(moved);
		double threshold = round(a * round(this.h.l1()));
		double shrunk = round(magnitude - threshold);
		// not Math.max: a NaN must stay one
		double left = (shrunk < 0) ? 0 : shrunk;
		double signed = (moved < 0) ? -left : left;
		double shrinkage = round(a * round(this.h.l2()));
		double divisor = round(1 + shrinkage);
		return round(signed / divisor);
	}

	private double denominator(double newG) {
		double epsilon = round(this.h.epsilon());
		if (this.h.epsilonPlacement() == EpsilonPlacement.INSIDE_SQRT) {
			double sum = round(newG + epsilon);
			return round(Math.sqrt(sum));
		}
		double root = round(Math.sqrt(newG));
		return round(root + epsilon);
	}

	private static double clipFactor(double limit, double[] grad) {
		double max = 0;
		double sum = 0;
		for (double g : grad) {
			max = Math.max(max, Math.abs(g));
			double square = g * g;
			sum = sum + square;
		}
		if (max == 0 || (Double.isFinite(sum) && sum >= Double.MIN_NORMAL)) {
			return Math.min(1, limit / Math.sqrt(sum));
		}
		double scaledSum = 0;
		for (double g : grad) {
			double scaled = g / max;
			double square = scaled * scaled;
			scaledSum = scaledSum + square;
		}
		return Math.min(1, limit / (max * Math.sqrt(scaledSum)));
	}

	private double round(double value) {
		return switch (this.dtype) {
			case F64 -> value;
			case F32 -> (double) (float) value;
		};
	}

}
