package dev.adagrad.kernel;

import java.util.List;
import java.util.Set;

import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Tensor;

/// One step of AdaGrad. With `g` the gradient, `θ` the parameter and `t` the 1-based number of the step, elementwise and
/// in this order:
///
/// 1. `maximize`: `g ← −g`
/// 2. clipping, by value `g ← min(max(g, −c), c)`, or by norm `g ← g · min(1, c / ‖g‖₂)`
/// 3. weight decay λ, coupled: `g ← g + λθ`
/// 4. `G ← G + g²`
/// 5. `η_t = learning_rate / (1 + (t − 1) · lr_decay)`
/// 6. `Δ = η_t · g / (√G + ε)`, or with ε inside the root `Δ = η_t · g / √(G + ε)`; 0 where the denominator is 0
/// 7. `θ ← θ − Δ`; with decoupled weight decay `θ ← (θ − Δ) − (η_t·λ)·θ_old`
/// 8. `l1` or `l2`, with `a = η_t / denominator`, 0 where that is 0: `θ ← sign(θ) · max(|θ| − a·l1, 0) / (1 + a·l2)`, the
/// composite update of the paper
///
/// Where rows of θ share an element of G (row-wise AdaGrad), line 4 is `G ← G + Σg²/d` over the d elements of the row, the
/// sum and the quotient F64 and rounded to the dtype once.
///
/// Every operation is rounded once to the dtype of the tensors, left to right as written, without FMA. So the result
/// is the same, bit for bit, on every machine. Hyperparameters and η_t (and η_t·λ, and the factor of a clip by norm)
/// are F64 and rounded to the dtype where they meet a tensor. The sign of −0 is 0.
///
/// A line that is not asked for does not run with a neutral value; it does not run at all. So there is no `g + 0·θ` at
/// λ = 0. It could only change the sign of a zero (−0 + 0 is +0), in the update and, decoupled, in the parameter.
/// PyTorch leaves it out too. So a gradient of +0 leaves every parameter as it was, −0 included, and at λ = 0 both
/// modes agree.
///
/// Immutable; its methods are pure functions that only read their arguments, except [#takeInPlace]. The step may be taken,
/// or asked about, any number of times.
///
/// @param h what holds for all parts: η_t, and a clip by the norm of all
/// @param parts in the order in which a norm goes over them; they cover θ and G and do not overlap
/// @param step t, ≥ 1
/// @see <a href="https://jmlr.org/papers/v12/duchi11a.html">Duchi, Hazan and Singer, Adaptive Subgradient Methods for
/// Online Learning and Stochastic Optimization, JMLR 12 (2011) 2121–2159</a>
public record AdaGrad(Hyperparameters h, List<Part> parts, long step) {

	/// @throws IllegalArgumentException if `step` is not ≥ 1
	public AdaGrad {
		if (step < 1) {
			throw new IllegalArgumentException("step must be >= 1, was " + step);
		}
		parts = List.copyOf(parts);
	}

	/// Takes the step.
	/// @param parameter θ; its shape becomes that of the result
	/// @param grad g, of the dtype and the size of θ
	/// @param G the sum of the squared gradients before the step, with the dtype of θ
	/// and as many elements as the parts have, every one ≥ 0
	/// @param include what to return beyond the new parameter and the new G
	/// @return new tensors
	/// @throws IllegalArgumentException if dtypes or sizes differ, or an element of G is
	/// negative
	/// @throws NonFiniteResultException if an element of the result would not be finite
	public StepResult take(Tensor parameter, Tensor grad, Tensor G, Set<Include> include) {
		return take(parameter, grad, G, include, true, false);
	}

	/// Takes the step as [#take] does, in the memory of its arguments: for a caller that
	/// alone has the tensors and no longer needs them. New arrays take as long as the
	/// step itself (`src/bench/kernel`).
	/// @param parameter θ; the new one may use its array
	/// @param grad g; the content of its array is undefined afterwards
	/// @param G the sum of the squared gradients before the step; the new one uses its
	/// array
	/// @return tensors over new arrays, or over those of the arguments; the arguments
	/// are useless afterwards, also after an exception
	/// @throws IllegalArgumentException as [#take]
	/// @throws NonFiniteResultException as [#take]
	public StepResult takeInPlace(Tensor parameter, Tensor grad, Tensor G, Set<Include> include) {
		return take(parameter, grad, G, include, true, true);
	}

	/// The result of the step, computed from the G after it: bit for bit what [#take]
	/// returned for the G before it. For a step that a client asks for again after it
	/// was applied.
	/// @param parameter θ before the step
	/// @param grad g, of the dtype and the size of θ
	/// @param newG the sum of the squared gradients after the step
	/// @param include what to return beyond the new parameter
	/// @return new tensors, except that the elements of G are those of `newG`
	/// @throws IllegalArgumentException as [#take]
	/// @throws NonFiniteResultException if an element of what was asked for would not be
	/// finite; never for the parameter if the step was taken before
	public StepResult replay(Tensor parameter, Tensor grad, Tensor newG, Set<Include> include) {
		return take(parameter, grad, newG, include, false, false);
	}

	/// [Include#EFFECTIVE_LEARNING_RATE] alone, from the G after the step.
	/// @param newG the sum of the squared gradients after the step, every element ≥ 0
	/// @return a new tensor of the shape and the dtype of G
	/// @throws IllegalArgumentException if an element of G is negative
	/// @throws NonFiniteResultException if an element of the result would not be finite
	public Tensor effectiveLearningRate(Tensor newG) {
		requireNonNegative(newG);
		return switch (newG) {
			case DoubleTensor doubles -> doubleStep(false).effectiveLearningRate(doubles);
			case FloatTensor floats -> floatStep(false).effectiveLearningRate(floats);
		};
	}

	/// [Include#METRICS] alone, when θ_old is gone.
	/// @param grad g, as the step got it
	/// @param newParameter θ after the step
	/// @throws NonFiniteResultException if a norm is beyond F64
	public Metrics metrics(Tensor grad, Tensor newParameter) {
		requireLike(newParameter, grad);
		return switch (newParameter) {
			case DoubleTensor doubles -> doubleStep(false).metrics((DoubleTensor) grad, doubles);
			case FloatTensor floats -> floatStep(false).metrics((FloatTensor) grad, floats);
		};
	}

	private StepResult take(Tensor parameter, Tensor grad, Tensor G, Set<Include> include, boolean accumulates,
			boolean inPlace) {
		requireNonNegative(G);
		requireLike(parameter, grad);
		requireSizes(parameter, G);
		return switch (parameter) {
			case DoubleTensor doubles ->
				doubleStep(accumulates).take(doubles, (DoubleTensor) grad, (DoubleTensor) G, include, inPlace);
			case FloatTensor floats ->
				floatStep(accumulates).take(floats, (FloatTensor) grad, (FloatTensor) G, include, inPlace);
		};
	}

	private DoubleStep doubleStep(boolean accumulates) {
		return new DoubleStep(this.h, this.parts, this.step, accumulates);
	}

	private FloatStep floatStep(boolean accumulates) {
		return new FloatStep(this.h, this.parts, this.step, accumulates);
	}

	private static void requireLike(Tensor parameter, Tensor grad) {
		requireDType(parameter, "grad", grad);
		if (grad.size() != parameter.size()) {
			throw new IllegalArgumentException(
					"grad has " + grad.size() + " elements, parameter has " + parameter.size());
		}
	}

	private static void requireDType(Tensor parameter, String name, Tensor tensor) {
		if (tensor.dtype() != parameter.dtype()) {
			throw new IllegalArgumentException(name + " is " + tensor.dtype() + ", parameter is " + parameter.dtype());
		}
	}

	/// The parts have as many elements as θ and G.
	private void requireSizes(Tensor parameter, Tensor G) {
		requireDType(parameter, "G", G);
		int elements = 0;
		int sums = 0;
		for (Part part : this.parts) {
			elements += part.size();
			sums += part.accumulatorTo() - part.accumulatorFrom();
		}
		if (elements != parameter.size()) {
			throw new IllegalArgumentException(
					"parameter has " + parameter.size() + " elements, the parts have " + elements);
		}
		if (sums != G.size()) {
			throw new IllegalArgumentException("G has " + G.size() + " elements, "
					+ ((sums == elements) ? "parameter has " : "the parts have ") + sums);
		}
	}

	private static void requireNonNegative(Tensor G) {
		if (G.bounds().min() >= 0) {
			return;
		}
		for (int i = 0; i < G.size(); i++) {
			if (G.valueAt(i) < 0) {
				throw new IllegalArgumentException("G must be >= 0, was " + G.valueAt(i) + " at index " + i);
			}
		}
	}

}
