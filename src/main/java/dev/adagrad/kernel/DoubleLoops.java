package dev.adagrad.kernel;

import dev.adagrad.tensor.Bounds;
import org.jspecify.annotations.Nullable;

/// The update of one part of a step in F64; [FloatLoops] is its twin in F32. Each line of the formula is one small
/// function. The fast loops, the checked loop and the proof that chooses between them share these functions, and the
/// JIT inlines them everywhere.
///
/// ε stands in one of two places and a 0 in the other: √(G + 0) + ε and √(G + ε) + 0 equal the two forms bit for bit,
/// since G is ≥ 0. Weight decay has no such neutral value, see [AdaGrad].
final class DoubleLoops {

	private final Part part;

	private final Hyperparameters h;

	private final boolean accumulates;

	private final double factor;

	private final double rate;

	private final double inner;

	private final double outer;

	private final boolean coupled;

	private final double coupledDecay;

	private final boolean decoupled;

	private final double decoupledDecay;

	private final boolean proximal;

	private final double l1;

	private final double l2;

	/// @param factor the factor of a clip by norm
	/// @param accumulates whether to add to the given G; otherwise it is the G after the
	/// step
	DoubleLoops(Part part, long step, double factor, boolean accumulates) {
		this.part = part;
		this.h = part.hyperparameters();
		this.accumulates = accumulates;
		this.factor = factor;
		double scaledRate = this.h.scaledRate(step);
		this.rate = scaledRate;
		boolean inside = this.h.epsilonPlacement() == EpsilonPlacement.INSIDE_SQRT;
		this.inner = inside ? this.h.epsilon() : 0;
		this.outer = inside ? 0 : this.h.epsilon();
		this.decoupled = this.h.isDecoupled();
		this.coupled = this.h.weightDecay() != 0 && !this.decoupled;
		this.coupledDecay = this.h.weightDecay();
		this.decoupledDecay = scaledRate * this.h.weightDecay();
		this.proximal = this.h.isProximal();
		this.l1 = this.h.l1();
		this.l2 = this.h.l2();
	}

	/// Lines 1 to 3.
	/// @param scratch where to write the prepared gradient if it differs from `grad`
	/// @return `grad` or `scratch`
	double[] prepare(double[] grad, double[] parameter, double[] scratch) {
		int from = this.part.from();
		int to = this.part.to();
		double[] g = grad;
		if (this.h.maximize()) {
			negateAll(g, from, to, scratch);
			g = scratch;
		}
		if (this.h.clipping() instanceof Clipping.ByValue(double limit)) {
			clipAll(g, from, to, limit, scratch);
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
		double theta = parameter.maxAbs();
		double g = grad.maxAbs();
		if (this.h.clipping() instanceof Clipping.ByValue(double limit)) {
			g = clipped(g, limit);
		}
		g = scaled(g, this.factor);
		if (this.coupled) {
			g = coupled(g, this.coupledDecay, theta);
		}
		double largestG = accumulated(G.max(), g);
		double denominator = denominator(G.min(), this.inner, this.outer);
		double moved = theta + update(this.rate, g, denominator);
		if (this.decoupled) {
			moved = decoupled(moved, this.decoupledDecay, -theta);
		}
		return denominator > 0 && Double.isFinite(largestG) && Double.isFinite(moved)
				&& (!this.proximal || isProximalProvedFinite(denominator, moved));
	}

	/// Line 8 only makes an element smaller, unless 0 meets ∞, which may come from η_t /
	/// denominator or from l1 and l2 in this dtype. Besides, [#proximalProved] doubles
	/// what is left.
	private boolean isProximalProvedFinite(double denominator, double moved) {
		return Double.isFinite(effective(denominator) * this.l1) && Double.isFinite(this.l2)
				&& Double.isFinite(moved + moved);
	}

	/// Whether [#stepRows] does everything that this part asks for.
	boolean isPlainRows() {
		return this.part.rowLength() > 1 && !this.decoupled && !this.proximal;
	}

	/// Lines 4 to 8, when all results are proved finite and each element has its own G.
	void stepProved(double[] parameter, double[] g, double[] G, double[] newParameter, double[] newG) {
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
	void stepChecked(double[] parameter, double[] g, double[] G, double[] newParameter, double[] newG,
			double @Nullable [] effective, double @Nullable [] update) {
		int rowLength = this.part.rowLength();
		int k = this.part.accumulatorFrom();
		for (int row = this.part.from(); row < this.part.to(); row += rowLength) {
			double sum = G[k];
			if (this.accumulates) {
				sum = (rowLength == 1) ? accumulated(sum, g[row]) : sum + meanOfSquares(g, row, row + rowLength);
			}
			newG[k] = requireFinite("G", k, sum);
			double denominator = denominator(sum, this.inner, this.outer);
			double a = effective(denominator);
			for (int i = row; i < row + rowLength; i++) {
				double delta = (denominator == 0) ? 0 : update(this.rate, g[i], denominator);
				double moved = parameter[i] - delta;
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
	void stepRows(double[] parameter, double[] g, double[] G, double[] newParameter, double[] newG) {
		int rowLength = this.part.rowLength();
		int k = this.part.accumulatorFrom();
		for (int row = this.part.from(); row < this.part.to(); row += rowLength) {
			double sum = this.accumulates ? G[k] + meanOfSquares(g, row, row + rowLength) : G[k];
			newG[k] = requireFinite("G", k, sum);
			double denominator = denominator(sum, this.inner, this.outer);
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
	void effectiveLearningRate(double[] G, double[] to) {
		for (int k = this.part.accumulatorFrom(); k < this.part.accumulatorTo(); k++) {
			to[k] = requireFinite("effective_learning_rate", k, effective(denominator(G[k], this.inner, this.outer)));
		}
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

	private static double denominator(double G, double inner, double outer) {
		return Math.sqrt(G + inner) + outer;
	}

	private static double update(double rate, double g, double denominator) {
		return rate * g / denominator;
	}

	private static double decoupled(double moved, double decay, double parameter) {
		return moved - decay * parameter;
	}

	/// The sign of −0 is 0, like that of 0: adding 0 turns −0 into 0.
	private static double proximal(double moved, double a, double l1, double l2) {
		return Math.signum(moved + 0.0) * Math.max(Math.abs(moved) - a * l1, 0) / (1 + a * l2);
	}

	/// The same when nothing can overflow: max(x, 0) is exactly (x + |x|) / 2, which is
	/// faster in vector code.
	private static double proximalProved(double moved, double a, double l1, double l2) {
		double left = Math.abs(moved) - a * l1;
		return Math.signum(moved + 0.0) * ((left + Math.abs(left)) * 0.5) / (1 + a * l2);
	}

	/// The sum and the mean are F64 for either dtype; the mean is rounded to the dtype
	/// once.
	private static double meanOfSquares(double[] g, int from, int to) {
		double sum = 0;
		for (int i = from; i < to; i++) {
			double wide = g[i];
			sum += wide * wide;
		}
		double mean = sum / (to - from);
		return mean;
	}

	private static void negateAll(double[] g, int from, int to, double[] negated) {
		for (int i = from; i < to; i++) {
			negated[i] = -g[i];
		}
	}

	private static void clipAll(double[] g, int from, int to, double limit, double[] clipped) {
		for (int i = from; i < to; i++) {
			clipped[i] = clipped(g[i], limit);
		}
	}

	private static void scaleAll(double[] g, int from, int to, double factor, double[] scaled) {
		for (int i = from; i < to; i++) {
			scaled[i] = scaled(g[i], factor);
		}
	}

	private static void coupleAll(double[] g, int from, int to, double[] parameter, double decay, double[] coupled) {
		for (int i = from; i < to; i++) {
			coupled[i] = coupled(g[i], decay, parameter[i]);
		}
	}

	private static void decayAll(double[] moved, int from, int to, double[] parameter, double decay) {
		for (int i = from; i < to; i++) {
			moved[i] = decoupled(moved[i], decay, parameter[i]);
		}
	}

	private static void moveAll(double[] parameter, double[] g, int from, int to, double rate, double denominator,
			double[] newParameter) {
		for (int i = from; i < to; i++) {
			newParameter[i] = parameter[i] - update(rate, g[i], denominator);
		}
	}

	static void step(double[] parameter, double[] g, double[] G, int from, int to, double rate, double inner,
			double outer, double[] newParameter, double[] newG) {
		for (int i = from; i < to; i++) {
			double sum = accumulated(G[i], g[i]);
			newG[i] = sum;
			newParameter[i] = parameter[i] - update(rate, g[i], denominator(sum, inner, outer));
		}
	}

	static void stepProximal(double[] parameter, double[] g, double[] G, int from, int to, double rate, double inner,
			double outer, double l1, double l2, double[] newParameter, double[] newG) {
		for (int i = from; i < to; i++) {
			double sum = accumulated(G[i], g[i]);
			newG[i] = sum;
			double denominator = denominator(sum, inner, outer);
			newParameter[i] = proximalProved(parameter[i] - update(rate, g[i], denominator), rate / denominator, l1,
					l2);
		}
	}

	private void stepBoth(double[] parameter, double[] g, double[] G, int from, int to, double[] newParameter,
			double[] newG) {
		double eta = this.rate;
		double under = this.inner;
		double beside = this.outer;
		double decay = this.decoupledDecay;
		double first = this.l1;
		double second = this.l2;
		for (int i = from; i < to; i++) {
			double sum = accumulated(G[i], g[i]);
			newG[i] = sum;
			double denominator = denominator(sum, under, beside);
			double moved = decoupled(parameter[i] - update(eta, g[i], denominator), decay, parameter[i]);
			newParameter[i] = proximalProved(moved, eta / denominator, first, second);
		}
	}

	private static double requireFinite(String tensorName, int index, double value) {
		if (!Double.isFinite(value)) {
			throw new NonFiniteResultException(tensorName, index, value);
		}
		return value;
	}

}
