package dev.adagrad.kernel;

import dev.adagrad.tensor.Bounds;
import org.jspecify.annotations.Nullable;

/// The update of one part of a step in F32, the twin of [DoubleLoops]. What is F64 by definition (the hyperparameters,
/// η_t, η_t·λ, the mean of a row's squares) is computed in F64 and rounded to F32 once.
final class FloatLoops {

	private final Part part;

	private final Hyperparameters h;

	private final boolean accumulates;

	private final float factor;

	private final float rate;

	private final float inner;

	private final float outer;

	private final boolean coupled;

	private final float coupledDecay;

	private final boolean decoupled;

	private final float decoupledDecay;

	private final boolean proximal;

	private final float l1;

	private final float l2;

	/// @param factor the factor of a clip by norm
	/// @param accumulates whether to add to the given G; otherwise it is the G after the
	/// step
	FloatLoops(Part part, long step, double factor, boolean accumulates) {
		this.part = part;
		this.h = part.hyperparameters();
		this.accumulates = accumulates;
		this.factor = (float) factor;
		double scaledRate = this.h.scaledRate(step);
		this.rate = (float) scaledRate;
		boolean inside = this.h.epsilonPlacement() == EpsilonPlacement.INSIDE_SQRT;
		this.inner = inside ? (float) this.h.epsilon() : 0;
		this.outer = inside ? 0 : (float) this.h.epsilon();
		this.decoupled = this.h.isDecoupled();
		this.coupled = this.h.weightDecay() != 0 && !this.decoupled;
		this.coupledDecay = (float) this.h.weightDecay();
		this.decoupledDecay = (float) (scaledRate * this.h.weightDecay());
		this.proximal = this.h.isProximal();
		this.l1 = (float) this.h.l1();
		this.l2 = (float) this.h.l2();
	}

	/// Lines 1 to 3.
	/// @param scratch where to write the prepared gradient if it differs from `grad`
	/// @return `grad` or `scratch`
	float[] prepare(float[] grad, float[] parameter, float[] scratch) {
		int from = this.part.from();
		int to = this.part.to();
		float[] g = grad;
		if (this.h.maximize()) {
			negateAll(g, from, to, scratch);
			g = scratch;
		}
		if (this.h.clipping() instanceof Clipping.ByValue(double limit)) {
			clipAll(g, from, to, (float) limit, scratch);
			g = scratch;
		}
		if (this.factor != 1) {
			scaleAll(g, from, to, this.factor, scratch);
			g = scratch;
		}
		if (this.coupled) {
			coupleAll(g, from, to, parameter, this.coupledDecay, scratch);
			g = scratch;
		}
		return g;
	}

	/// Whether no element of the result can overflow and no denominator can be 0.
	/// Rounding keeps order. So no element of a line is larger than the line's result
	/// for the largest magnitudes (and the smallest denominator) that go into it.
	/// @param parameter bounds that cover at least this part's elements of θ; the same
	/// holds for the others
	boolean isProvedFinite(Bounds parameter, Bounds grad, Bounds G) {
		float theta = (float) parameter.maxAbs();
		float g = (float) grad.maxAbs();
		if (this.h.clipping() instanceof Clipping.ByValue(double limit)) {
			g = clipped(g, (float) limit);
		}
		g = scaled(g, this.factor);
		if (this.coupled) {
			g = coupled(g, this.coupledDecay, theta);
		}
		float largestG = accumulated((float) G.max(), g);
		float denominator = denominator((float) G.min(), this.inner, this.outer);
		float moved = theta + update(this.rate, g, denominator);
		if (this.decoupled) {
			moved = decoupled(moved, this.decoupledDecay, -theta);
		}
		return denominator > 0 && Float.isFinite(largestG) && Float.isFinite(moved)
				&& (!this.proximal || isProximalProvedFinite(denominator, moved));
	}

	/// Line 8 only makes an element smaller, unless 0 meets ∞, which may come from η_t /
	/// denominator or from l1 and l2 in this dtype. Besides, [#proximalProved] doubles
	/// what is left.
	private boolean isProximalProvedFinite(float denominator, float moved) {
		return Float.isFinite(effective(denominator) * this.l1) && Float.isFinite(this.l2)
				&& Float.isFinite(moved + moved);
	}

	/// Whether [#stepRows] does everything that this part asks for.
	boolean isPlainRows() {
		return this.part.rowLength() > 1 && !this.decoupled && !this.proximal;
	}

	/// Lines 4 to 8, when all results are proved finite and each element has its own G.
	void stepProved(float[] parameter, float[] g, float[] G, float[] newParameter, float[] newG) {
		int from = this.part.from();
		int to = this.part.to();
		if (this.proximal && this.decoupled) {
			stepBoth(parameter, g, G, from, to, newParameter, newG);
		}
		else if (this.proximal) {
			stepProximal(parameter, g, G, from, to, this.rate, this.inner, this.outer, this.l1, this.l2, newParameter,
					newG);
		}
		else {
			step(parameter, g, G, from, to, this.rate, this.inner, this.outer, newParameter, newG);
			if (this.decoupled) {
				decayAll(newParameter, from, to, parameter, this.decoupledDecay);
			}
		}
	}

	/// Lines 4 to 8, with a check of each element.
	/// @param effective where to write η_t / denominator, if wanted
	/// @param update where to write Δ, if wanted
	void stepChecked(float[] parameter, float[] g, float[] G, float[] newParameter, float[] newG,
			float @Nullable [] effective, float @Nullable [] update) {
		int rowLength = this.part.rowLength();
		int k = this.part.accumulatorFrom();
		for (int row = this.part.from(); row < this.part.to(); row += rowLength) {
			float sum = G[k];
			if (this.accumulates) {
				sum = (rowLength == 1) ? accumulated(sum, g[row]) : sum + meanOfSquares(g, row, row + rowLength);
			}
			newG[k] = requireFinite("G", k, sum);
			float denominator = denominator(sum, this.inner, this.outer);
			float a = effective(denominator);
			for (int i = row; i < row + rowLength; i++) {
				float delta = (denominator == 0) ? 0 : update(this.rate, g[i], denominator);
				float moved = parameter[i] - delta;
				if (this.decoupled) {
					moved = decoupled(moved, this.decoupledDecay, parameter[i]);
				}
				if (this.proximal) {
					moved = proximal(moved, a, this.l1, this.l2);
				}
				newParameter[i] = requireFinite("parameter", i, moved);
				if (effective != null && i == row) {
					effective[k] = requireFinite("effective_learning_rate", k, a);
				}
				if (update != null) {
					update[i] = requireFinite("update", i, delta);
				}
			}
			k++;
		}
	}

	/// Lines 4 to 7, when rows share their G and nothing else is asked for: one
	/// denominator per row, and vector code.
	void stepRows(float[] parameter, float[] g, float[] G, float[] newParameter, float[] newG) {
		int rowLength = this.part.rowLength();
		int k = this.part.accumulatorFrom();
		for (int row = this.part.from(); row < this.part.to(); row += rowLength) {
			float sum = this.accumulates ? G[k] + meanOfSquares(g, row, row + rowLength) : G[k];
			newG[k] = requireFinite("G", k, sum);
			float denominator = denominator(sum, this.inner, this.outer);
			if (denominator == 0) {
				System.arraycopy(parameter, row, newParameter, row, rowLength);
			}
			else {
				moveAll(parameter, g, row, row + rowLength, this.rate, denominator, newParameter);
			}
			for (int i = row; i < row + rowLength; i++) {
				requireFinite("parameter", i, newParameter[i]);
			}
			k++;
		}
	}

	/// η_t / denominator for a G that already includes the gradient.
	void effectiveLearningRate(float[] G, float[] to) {
		for (int k = this.part.accumulatorFrom(); k < this.part.accumulatorTo(); k++) {
			to[k] = requireFinite("effective_learning_rate", k, effective(denominator(G[k], this.inner, this.outer)));
		}
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

	private static float denominator(float G, float inner, float outer) {
		return root(G + inner) + outer;
	}

	private static float update(float rate, float g, float denominator) {
		return rate * g / denominator;
	}

	private static float decoupled(float moved, float decay, float parameter) {
		return moved - decay * parameter;
	}

	/// The sign of −0 is 0, like that of 0: adding 0 turns −0 into 0.
	private static float proximal(float moved, float a, float l1, float l2) {
		return Math.signum(moved + 0.0f) * Math.max(Math.abs(moved) - a * l1, 0) / (1 + a * l2);
	}

	/// The same when nothing can overflow: max(x, 0) is exactly (x + |x|) / 2, which is
	/// faster in vector code.
	private static float proximalProved(float moved, float a, float l1, float l2) {
		float left = Math.abs(moved) - a * l1;
		return Math.signum(moved + 0.0f) * ((left + Math.abs(left)) * 0.5f) / (1 + a * l2);
	}

	/// The sum and the mean are F64 for either dtype; the mean is rounded to the dtype
	/// once.
	private static float meanOfSquares(float[] g, int from, int to) {
		double sum = 0;
		for (int i = from; i < to; i++) {
			double wide = g[i];
			sum += wide * wide;
		}
		double mean = sum / (to - from);
		return (float) mean;
	}

	private static void negateAll(float[] g, int from, int to, float[] negated) {
		for (int i = from; i < to; i++) {
			negated[i] = -g[i];
		}
	}

	private static void clipAll(float[] g, int from, int to, float limit, float[] clipped) {
		for (int i = from; i < to; i++) {
			clipped[i] = clipped(g[i], limit);
		}
	}

	private static void scaleAll(float[] g, int from, int to, float factor, float[] scaled) {
		for (int i = from; i < to; i++) {
			scaled[i] = scaled(g[i], factor);
		}
	}

	private static void coupleAll(float[] g, int from, int to, float[] parameter, float decay, float[] coupled) {
		for (int i = from; i < to; i++) {
			coupled[i] = coupled(g[i], decay, parameter[i]);
		}
	}

	private static void decayAll(float[] moved, int from, int to, float[] parameter, float decay) {
		for (int i = from; i < to; i++) {
			moved[i] = decoupled(moved[i], decay, parameter[i]);
		}
	}

	private static void moveAll(float[] parameter, float[] g, int from, int to, float rate, float denominator,
			float[] newParameter) {
		for (int i = from; i < to; i++) {
			newParameter[i] = parameter[i] - update(rate, g[i], denominator);
		}
	}

	static void step(float[] parameter, float[] g, float[] G, int from, int to, float rate, float inner, float outer,
			float[] newParameter, float[] newG) {
		for (int i = from; i < to; i++) {
			float sum = accumulated(G[i], g[i]);
			newG[i] = sum;
			newParameter[i] = parameter[i] - update(rate, g[i], denominator(sum, inner, outer));
		}
	}

	static void stepProximal(float[] parameter, float[] g, float[] G, int from, int to, float rate, float inner,
			float outer, float l1, float l2, float[] newParameter, float[] newG) {
		for (int i = from; i < to; i++) {
			float sum = accumulated(G[i], g[i]);
			newG[i] = sum;
			float denominator = denominator(sum, inner, outer);
			newParameter[i] = proximalProved(parameter[i] - update(rate, g[i], denominator), rate / denominator, l1,
					l2);
		}
	}

	private void stepBoth(float[] parameter, float[] g, float[] G, int from, int to, float[] newParameter,
			float[] newG) {
		float eta = this.rate;
		float under = this.inner;
		float beside = this.outer;
		float decay = this.decoupledDecay;
		float first = this.l1;
		float second = this.l2;
		for (int i = from; i < to; i++) {
			float sum = accumulated(G[i], g[i]);
			newG[i] = sum;
			float denominator = denominator(sum, under, beside);
			float moved = decoupled(parameter[i] - update(eta, g[i], denominator), decay, parameter[i]);
			newParameter[i] = proximalProved(moved, eta / denominator, first, second);
		}
	}

	private static float requireFinite(String tensorName, int index, float value) {
		if (!Float.isFinite(value)) {
			throw new NonFiniteResultException(tensorName, index, value);
		}
		return value;
	}

}
