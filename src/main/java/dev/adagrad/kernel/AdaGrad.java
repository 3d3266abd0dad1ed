package dev.adagrad.kernel;

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
///
/// Every operation is rounded once to the dtype of the tensors, left to right as written, without FMA; so the result
/// is the same, bit for bit, wherever it is computed. Hyperparameters and η_t (and η_t·λ, and the factor of a clip by
/// norm) are F64 and rounded to the dtype where they meet a tensor.
///
/// A line that is not asked for is not run, rather than run with a neutral value: there is no `g + 0·θ` at λ = 0. That
/// could only change the sign of a zero (−0 + 0 is +0), in the update and, decoupled, in the parameter. PyTorch leaves
/// it out too, and so a gradient of +0 leaves every parameter as it was, −0 included, and at λ = 0 both modes agree.
///
/// Thread-safe: pure functions, that only read what goes in, but for [#stepInPlace].
///
/// @see <a href="https://jmlr.org/papers/v12/duchi11a.html">Duchi, Hazan and Singer, Adaptive Subgradient Methods for
/// Online Learning and Stochastic Optimization, JMLR 12 (2011) 2121–2159</a>
public final class AdaGrad {

	private AdaGrad() {
	}

	/// Takes one step.
	/// @param h the hyperparameters
	/// @param step t, ≥ 1
	/// @param parameter θ; its shape becomes that of the result
	/// @param grad g, of the dtype and the size of θ
	/// @param G the sum of the squared gradients before the step, of the dtype and the
	/// size of θ, every element ≥ 0
	/// @param include what to compute beyond the new parameter and the new G
	/// @return new tensors
	/// @throws IllegalArgumentException if dtypes or sizes differ, an element of G is
	/// negative, or `step` is not ≥ 1
	/// @throws NonFiniteResultException if an element of the result would not be finite
	public static StepResult step(Hyperparameters h, long step, Tensor parameter, Tensor grad, Tensor G,
			Set<Include> include) {
		requireNonNegative(G);
		return step(h, step, parameter, grad, G, include, true, false);
	}

	/// Takes one step as [#step] does, in the memory of what goes in: for a caller that
	/// has the tensors to itself and wants them no more. New arrays take as long as the
	/// step itself (`src/bench/kernel`).
	/// @param parameter θ; its array may become that of the new one
	/// @param grad g; nothing is said of its array afterwards
	/// @param G the sum of the squared gradients before the step; its array becomes that
	/// of the new one
	/// @return tensors over new arrays, or over those that went in; also where an
	/// exception is thrown, what went in is of no use any more
	/// @throws IllegalArgumentException as [#step]
	/// @throws NonFiniteResultException as [#step]
	public static StepResult stepInPlace(Hyperparameters h, long step, Tensor parameter, Tensor grad, Tensor G,
			Set<Include> include) {
		requireNonNegative(G);
		return step(h, step, parameter, grad, G, include, true, true);
	}

	/// What a step gave, from the G that it led to: bit for bit what [#step] returned
	/// with the G of before. For a step that is asked for once more after it was applied.
	/// @param h the hyperparameters
	/// @param step t, ≥ 1
	/// @param parameter θ before the step
	/// @param grad g, of the dtype and the size of θ
	/// @param newG the sum of the squared gradients after the step, of the dtype and the
	/// size of θ, every element ≥ 0
	/// @param include what to compute beyond the new parameter
	/// @return new tensors, but for G, whose elements are those of `newG`
	/// @throws IllegalArgumentException as [#step]
	/// @throws NonFiniteResultException if an element of what was asked for would not be
	/// finite; never for the parameter if the step was once taken
	public static StepResult replay(Hyperparameters h, long step, Tensor parameter, Tensor grad, Tensor newG,
			Set<Include> include) {
		requireNonNegative(newG);
		return step(h, step, parameter, grad, newG, include, false, false);
	}

	/// [Include#EFFECTIVE_LEARNING_RATE] alone, from the G that a step led to.
	/// @param h the hyperparameters
	/// @param step t, ≥ 1
	/// @param newG the sum of the squared gradients after the step, every element ≥ 0
	/// @return a new tensor of the shape and the dtype of G
	/// @throws IllegalArgumentException if an element of G is negative, or `step` is not
	/// ≥ 1
	/// @throws NonFiniteResultException if an element of the result would not be finite
	public static Tensor effectiveLearningRate(Hyperparameters h, long step, Tensor newG) {
		requireNonNegative(newG);
		return switch (newG) {
			case DoubleTensor doubles -> new DoubleLoops(h, step, false).effectiveLearningRate(doubles);
			case FloatTensor floats -> new FloatLoops(h, step, false).effectiveLearningRate(floats);
		};
	}

	private static StepResult step(Hyperparameters h, long step, Tensor parameter, Tensor grad, Tensor G,
			Set<Include> include, boolean accumulates, boolean inPlace) {
		requireLike(parameter, "grad", grad);
		requireLike(parameter, "G", G);
		return switch (parameter) {
			case DoubleTensor doubles -> new DoubleLoops(h, step, accumulates).step(doubles, (DoubleTensor) grad,
					(DoubleTensor) G, include, inPlace);
			case FloatTensor floats -> new FloatLoops(h, step, accumulates).step(floats, (FloatTensor) grad,
					(FloatTensor) G, include, inPlace);
		};
	}

	private static void requireLike(Tensor parameter, String name, Tensor tensor) {
		if (tensor.dtype() != parameter.dtype()) {
			throw new IllegalArgumentException(name + " is " + tensor.dtype() + ", parameter is " + parameter.dtype());
		}
		if (tensor.size() != parameter.size()) {
			throw new IllegalArgumentException(
					name + " has " + tensor.size() + " elements, parameter has " + parameter.size());
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
