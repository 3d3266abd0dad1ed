package dev.adagrad.kernel;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

import dev.adagrad.tensor.Bounds;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The update in F32, the twin of [DoubleLoops]. What is F64 by definition (the hyperparameters, η_t, η_t·λ, the norm of
/// the gradient and the factor made of it) is computed so, and rounded to F32 once.
final class FloatLoops {

	private final Hyperparameters h;

	private final float rate;

	private final float epsilon;

	private final boolean inside;

	private final boolean coupled;

	private final float coupledDecay;

	private final boolean decoupled;

	private final float decoupledDecay;

	private final boolean accumulates;

	/// @param accumulates whether the G that goes in is to be added to; else it is that
	/// of after the step
	FloatLoops(Hyperparameters h, long step, boolean accumulates) {
		this.h = h;
		this.accumulates = accumulates;
		double effectiveRate = h.effectiveRate(step);
		this.rate = (float) effectiveRate;
		this.epsilon = (float) h.epsilon();
		this.inside = h.epsilonPlacement() == EpsilonPlacement.INSIDE_SQRT;
		boolean decays = h.weightDecay() != 0;
		this.coupled = decays && h.weightDecayMode() == WeightDecayMode.COUPLED;
		this.coupledDecay = (float) h.weightDecay();
		this.decoupled = decays && h.weightDecayMode() == WeightDecayMode.DECOUPLED;
		this.decoupledDecay = (float) (effectiveRate * h.weightDecay());
	}

	/// @param inPlace whether the arrays of all three tensors may be written to, and
	/// become those of the result
	StepResult step(FloatTensor parameter, FloatTensor grad, FloatTensor G, Set<Include> include, boolean inPlace) {
		Shape shape = parameter.shape();
		// decoupled decay needs the old parameter beside the new one
		float[] newParameter = (inPlace && !this.decoupled) ? parameter.values() : new float[grad.size()];
		float[] newG = inPlace ? G.values() : new float[grad.size()];
		float factor = clipFactor(grad);
		// before anything is written: bounds that are not known yet are those of what
		// went in
		boolean provedFinite = this.accumulates && include.isEmpty()
				&& isProvedFinite(parameter.bounds(), grad.bounds(), G.bounds(), factor);
		// the prepared gradient may stand where the new parameter will: each element is
		// read before its place is written
		float[] prepared = prepare(grad.values(), parameter.values(), factor, inPlace ? grad.values() : newParameter);
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
			return new StepResult(FloatTensor.proved(shape, newParameter), FloatTensor.proved(shape, newG), Map.of());
		}
		float @Nullable [] effective = include.contains(Include.EFFECTIVE_LEARNING_RATE) ? new float[newG.length]
				: null;
		float @Nullable [] update = include.contains(Include.UPDATE) ? new float[newG.length] : null;
		stepChecked(parameter.values(), prepared, G.values(), newParameter, newG, effective, update);
		Map<Include, Tensor> included = new EnumMap<>(Include.class);
		if (effective != null) {
			included.put(Include.EFFECTIVE_LEARNING_RATE, FloatTensor.proved(shape, effective));
		}
		if (update != null) {
			included.put(Include.UPDATE, FloatTensor.proved(shape, update));
		}
		return new StepResult(FloatTensor.proved(shape, newParameter), FloatTensor.proved(shape, newG), included);
	}

	/// η_t / denominator for a G that the gradient has been added to.
	FloatTensor effectiveLearningRate(FloatTensor G) {
		float[] effective = new float[G.size()];
		for (int i = 0; i < effective.length; i++) {
			float sum = G.values()[i];
			effective[i] = requireFinite("effective_learning_rate", i,
					effective(this.inside ? inside(sum, this.epsilon) : outside(sum, this.epsilon)));
		}
		return FloatTensor.proved(G.shape(), effective);
	}

	private float effective(float denominator) {
		return (denominator == 0) ? 0 : this.rate / denominator;
	}

	private static float clipped(float g, float limit) {
		return Math.min(Math.max(g, -limit), limit);
	}

	private static float scaled(float g, float factor) {
		return g * factor;
	}

	private static float coupled(float g, float decay, float parameter) {
		return g + decay * parameter;
	}

	private static float accumulated(float G, float g) {
		return G + g * g;
	}

	/// Correctly rounded: F64 has more than twice the digits of F32, so rounding the root
	/// twice does no harm.
	private static float root(float value) {
		return (float) Math.sqrt((double) value);
	}

	private static float outside(float G, float epsilon) {
		return root(G) + epsilon;
	}

	private static float inside(float G, float epsilon) {
		return root(G + epsilon);
	}

	private static float update(float rate, float g, float denominator) {
		return rate * g / denominator;
	}

	private static float decoupled(float moved, float decay, float parameter) {
		return moved - decay * parameter;
	}

	/// Lines 1 to 3.
	/// @param scratch where to write the prepared gradient, if it is not `grad` itself
	/// @return `grad` or `scratch`
	private float[] prepare(float[] grad, float[] parameter, float factor, float[] scratch) {
		float[] g = grad;
		if (this.h.maximize()) {
			for (int i = 0; i < scratch.length; i++) {
				scratch[i] = -g[i];
			}
			g = scratch;
		}
		if (this.h.clipping() instanceof Clipping.ByValue(double limit)) {
			clipAll(g, (float) limit, scratch);
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

	private static void clipAll(float[] g, float limit, float[] to) {
		for (int i = 0; i < to.length; i++) {
			to[i] = clipped(g[i], limit);
		}
	}

	private static void scaleAll(float[] g, float factor, float[] to) {
		for (int i = 0; i < to.length; i++) {
			to[i] = scaled(g[i], factor);
		}
	}

	private static void coupleAll(float[] g, float[] parameter, float decay, float[] to) {
		for (int i = 0; i < to.length; i++) {
			to[i] = coupled(g[i], decay, parameter[i]);
		}
	}

	private static void decayAll(float[] moved, float[] parameter, float decay) {
		for (int i = 0; i < moved.length; i++) {
			moved[i] = decoupled(moved[i], decay, parameter[i]);
		}
	}

	/// What a clip by norm multiplies g by; 1 where there is none.
	private float clipFactor(FloatTensor grad) {
		return (this.h.clipping() instanceof Clipping.ByNorm byNorm) ? (float) byNorm.factor(1, norm(grad.values()))
				: 1;
	}

	/// The square of a float is exact in F64, and no sum of them can over- or underflow.
	private static double norm(float[] g) {
		double sum = 0;
		for (float element : g) {
			double wide = element;
			sum += wide * wide;
		}
		return Math.sqrt(sum);
	}

	/// Whether no element of the result can overflow and no denominator can be 0.
	/// Rounding keeps order: so no element of a line is larger than the line at the
	/// largest magnitudes (and the smallest denominator) that go into it.
	private boolean isProvedFinite(Bounds parameter, Bounds grad, Bounds G, float factor) {
		float theta = (float) parameter.maxAbs();
		float g = (float) grad.maxAbs();
		if (this.h.clipping() instanceof Clipping.ByValue(double limit)) {
			g = clipped(g, (float) limit);
		}
		g = scaled(g, factor);
		if (this.coupled) {
			g = coupled(g, this.coupledDecay, theta);
		}
		float largestG = accumulated((float) G.max(), g);
		float smallestG = (float) G.min();
		float denominator = this.inside ? inside(smallestG, this.epsilon) : outside(smallestG, this.epsilon);
		float moved = theta + update(this.rate, g, denominator);
		if (this.decoupled) {
			moved = decoupled(moved, this.decoupledDecay, -theta);
		}
		return denominator > 0 && Float.isFinite(largestG) && Float.isFinite(moved);
	}

	static void stepOutside(float[] parameter, float[] g, float[] G, float rate, float epsilon, float[] newParameter,
			float[] newG) {
		for (int i = 0; i < newParameter.length; i++) {
			float sum = accumulated(G[i], g[i]);
			newG[i] = sum;
			newParameter[i] = parameter[i] - update(rate, g[i], outside(sum, epsilon));
		}
	}

	private static void stepInside(float[] parameter, float[] g, float[] G, float rate, float epsilon,
			float[] newParameter, float[] newG) {
		for (int i = 0; i < newParameter.length; i++) {
			float sum = accumulated(G[i], g[i]);
			newG[i] = sum;
			newParameter[i] = parameter[i] - update(rate, g[i], inside(sum, epsilon));
		}
	}

	private void stepChecked(float[] parameter, float[] g, float[] G, float[] newParameter, float[] newG,
			float @Nullable [] effective, float @Nullable [] update) {
		for (int i = 0; i < newParameter.length; i++) {
			float sum = this.accumulates ? accumulated(G[i], g[i]) : G[i];
			newG[i] = requireFinite("G", i, sum);
			float denominator = this.inside ? inside(sum, this.epsilon) : outside(sum, this.epsilon);
			float delta = (denominator == 0) ? 0 : update(this.rate, g[i], denominator);
			float moved = parameter[i] - delta;
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

	private static float requireFinite(String tensorName, int index, float value) {
		if (!Float.isFinite(value)) {
			throw new NonFiniteResultException(tensorName, index, value);
		}
		return value;
	}

}
