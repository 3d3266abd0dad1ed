package dev.adagrad.kernel;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

import dev.adagrad.tensor.Bounds;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The update in F64; [FloatLoops] is its twin in F32. Each line of the formula is one small function, which the fast
/// loop, the checked loop and the proof that decides between them share; the JIT inlines it into all three.
final class DoubleLoops {

	private final Hyperparameters h;

	private final double rate;

	private final double epsilon;

	private final boolean inside;

	private final boolean coupled;

	private final double coupledDecay;

	private final boolean decoupled;

	private final double decoupledDecay;

	private final boolean accumulates;

	/// @param accumulates whether the G that goes in is to be added to; else it is that
	/// of after the step
	DoubleLoops(Hyperparameters h, long step, boolean accumulates) {
		this.h = h;
		this.accumulates = accumulates;
		this.rate = h.effectiveRate(step);
		this.epsilon = h.epsilon();
		this.inside = h.epsilonPlacement() == EpsilonPlacement.INSIDE_SQRT;
		boolean decays = h.weightDecay() != 0;
		this.coupled = decays && h.weightDecayMode() == WeightDecayMode.COUPLED;
		this.coupledDecay = h.weightDecay();
		this.decoupled = decays && h.weightDecayMode() == WeightDecayMode.DECOUPLED;
		this.decoupledDecay = this.rate * h.weightDecay();
	}

	/// @param inPlace whether the arrays of all three tensors may be written to, and
	/// become those of the result
	StepResult step(DoubleTensor parameter, DoubleTensor grad, DoubleTensor G, Set<Include> include, boolean inPlace) {
		Shape shape = parameter.shape();
		// decoupled decay needs the old parameter beside the new one
		double[] newParameter = (inPlace && !this.decoupled) ? parameter.values() : new double[grad.size()];
		double[] newG = inPlace ? G.values() : new double[grad.size()];
		double factor = clipFactor(grad);
		// before anything is written: bounds that are not known yet are those of what
		// went in
		boolean provedFinite = this.accumulates && include.isEmpty()
				&& isProvedFinite(parameter.bounds(), grad.bounds(), G.bounds(), factor);
		// the prepared gradient may stand where the new parameter will: each element is
		// read before its place is written
		double[] prepared = prepare(grad.values(), parameter.values(), factor, inPlace ? grad.values() : newParameter);
		if (provedFinite) {
			if (this.inside) {
				stepInside(parameter.values(), prepared, G.values(), this.rate, this.epsilon, newParameter, newG);
			}
			else {
				stepOutside(parameter.values(), prepared, G.values(), this.rate, this.epsilon, newParameter, newG);
			}
			if (this.decoupled) {
				decayAll(newParameter, parameter.values(), this.decoupledDecay);
			}
			return new StepResult(DoubleTensor.proved(shape, newParameter), DoubleTensor.proved(shape, newG), Map.of());
		}
		double @Nullable [] effective = include.contains(Include.EFFECTIVE_LEARNING_RATE) ? new double[newG.length]
				: null;
		double @Nullable [] update = include.contains(Include.UPDATE) ? new double[newG.length] : null;
		stepChecked(parameter.values(), prepared, G.values(), newParameter, newG, effective, update);
		Map<Include, Tensor> included = new EnumMap<>(Include.class);
		if (effective != null) {
			included.put(Include.EFFECTIVE_LEARNING_RATE, DoubleTensor.proved(shape, effective));
		}
		if (update != null) {
			included.put(Include.UPDATE, DoubleTensor.proved(shape, update));
		}
		return new StepResult(DoubleTensor.proved(shape, newParameter), DoubleTensor.proved(shape, newG), included);
	}

	/// η_t / denominator for a G that the gradient has been added to.
	DoubleTensor effectiveLearningRate(DoubleTensor G) {
		double[] effective = new double[G.size()];
		for (int i = 0; i < effective.length; i++) {
			double sum = G.values()[i];
			effective[i] = requireFinite("effective_learning_rate", i,
					effective(this.inside ? inside(sum, this.epsilon) : outside(sum, this.epsilon)));
		}
		return DoubleTensor.proved(G.shape(), effective);
	}

	private double effective(double denominator) {
		return (denominator == 0) ? 0 : this.rate / denominator;
	}

	private static double clipped(double g, double limit) {
		return Math.min(Math.max(g, -limit), limit);
	}

	private static double scaled(double g, double factor) {
		return g * factor;
	}

	private static double coupled(double g, double decay, double parameter) {
		return g + decay * parameter;
	}

	private static double accumulated(double G, double g) {
		return G + g * g;
	}

	private static double outside(double G, double epsilon) {
		return Math.sqrt(G) + epsilon;
	}

	private static double inside(double G, double epsilon) {
		return Math.sqrt(G + epsilon);
	}

	private static double update(double rate, double g, double denominator) {
		return rate * g / denominator;
	}

	private static double decoupled(double moved, double decay, double parameter) {
		return moved - decay * parameter;
	}

	/// Lines 1 to 3.
	/// @param scratch where to write the prepared gradient, if it is not `grad` itself
	/// @return `grad` or `scratch`
	private double[] prepare(double[] grad, double[] parameter, double factor, double[] scratch) {
		double[] g = grad;
		if (this.h.maximize()) {
			for (int i = 0; i < scratch.length; i++) {
				scratch[i] = -g[i];
			}
			g = scratch;
		}
		if (this.h.clipping() instanceof Clipping.ByValue(double limit)) {
			clipAll(g, limit, scratch);
			g = scratch;
		}
		if (factor != 1) {
			scaleAll(g, factor, scratch);
			g = scratch;
		}
		if (this.coupled) {
			coupleAll(g, parameter, this.coupledDecay, scratch);
			g = scratch;
		}
		return g;
	}

	private static void clipAll(double[] g, double limit, double[] to) {
		for (int i = 0; i < to.length; i++) {
			to[i] = clipped(g[i], limit);
		}
	}

	private static void scaleAll(double[] g, double factor, double[] to) {
		for (int i = 0; i < to.length; i++) {
			to[i] = scaled(g[i], factor);
		}
	}

	private static void coupleAll(double[] g, double[] parameter, double decay, double[] to) {
		for (int i = 0; i < to.length; i++) {
			to[i] = coupled(g[i], decay, parameter[i]);
		}
	}

	private static void decayAll(double[] moved, double[] parameter, double decay) {
		for (int i = 0; i < moved.length; i++) {
			moved[i] = decoupled(moved[i], decay, parameter[i]);
		}
	}

	/// What a clip by norm multiplies g by; 1 where there is none.
	private double clipFactor(DoubleTensor grad) {
		if (!(this.h.clipping() instanceof Clipping.ByNorm byNorm)) {
			return 1;
		}
		double sum = sumOfSquares(grad.values(), 1);
		double max = grad.bounds().maxAbs();
		if (Double.isInfinite(sum) || (sum < Double.MIN_NORMAL && max > 0)) {
			return byNorm.factor(max, Math.sqrt(sumOfSquares(grad.values(), max)));
		}
		return byNorm.factor(1, Math.sqrt(sum));
	}

	private static double sumOfSquares(double[] g, double divisor) {
		double sum = 0;
		for (double element : g) {
			double quotient = element / divisor;
			sum += quotient * quotient;
		}
		return sum;
	}

	/// Whether no element of the result can overflow and no denominator can be 0.
	/// Rounding keeps order: so no element of a line is larger than the line at the
	/// largest magnitudes (and the smallest denominator) that go into it.
	private boolean isProvedFinite(Bounds parameter, Bounds grad, Bounds G, double factor) {
		double theta = parameter.maxAbs();
		double g = grad.maxAbs();
		if (this.h.clipping() instanceof Clipping.ByValue(double limit)) {
			g = clipped(g, limit);
		}
		g = scaled(g, factor);
		if (this.coupled) {
			g = coupled(g, this.coupledDecay, theta);
		}
		double largestG = accumulated(G.max(), g);
		double smallestG = G.min();
		double denominator = this.inside ? inside(smallestG, this.epsilon) : outside(smallestG, this.epsilon);
		double moved = theta + update(this.rate, g, denominator);
		if (this.decoupled) {
			moved = decoupled(moved, this.decoupledDecay, -theta);
		}
		return denominator > 0 && Double.isFinite(largestG) && Double.isFinite(moved);
	}

	static void stepOutside(double[] parameter, double[] g, double[] G, double rate, double epsilon,
			double[] newParameter, double[] newG) {
		for (int i = 0; i < newParameter.length; i++) {
			double sum = accumulated(G[i], g[i]);
			newG[i] = sum;
			newParameter[i] = parameter[i] - update(rate, g[i], outside(sum, epsilon));
		}
	}

	private static void stepInside(double[] parameter, double[] g, double[] G, double rate, double epsilon,
			double[] newParameter, double[] newG) {
		for (int i = 0; i < newParameter.length; i++) {
			double sum = accumulated(G[i], g[i]);
			newG[i] = sum;
			newParameter[i] = parameter[i] - update(rate, g[i], inside(sum, epsilon));
		}
	}

	private void stepChecked(double[] parameter, double[] g, double[] G, double[] newParameter, double[] newG,
			double @Nullable [] effective, double @Nullable [] update) {
		for (int i = 0; i < newParameter.length; i++) {
			double sum = this.accumulates ? accumulated(G[i], g[i]) : G[i];
			newG[i] = requireFinite("G", i, sum);
			double denominator = this.inside ? inside(sum, this.epsilon) : outside(sum, this.epsilon);
			double delta = (denominator == 0) ? 0 : update(this.rate, g[i], denominator);
			double moved = parameter[i] - delta;
			if (this.decoupled) {
				moved = decoupled(moved, this.decoupledDecay, parameter[i]);
			}
			newParameter[i] = requireFinite("parameter", i, moved);
			if (effective != null) {
				effective[i] = requireFinite("effective_learning_rate", i, effective(denominator));
			}
			if (update != null) {
				update[i] = requireFinite("update", i, delta);
			}
		}
	}

	private static double requireFinite(String tensorName, int index, double value) {
		if (!Double.isFinite(value)) {
			throw new NonFiniteResultException(tensorName, index, value);
		}
		return value;
	}

}
