package dev.adagrad.kernel;

import java.util.Optional;

/// What a step tells of itself as a whole. Norms are the roots of F64 sums of squares, in the order of the elements, and
/// of what is not frozen.
///
/// @param learningRate η_t, before any scale of a tensor
/// @param gradNorm of g as the step got it, before line 1
/// @param clipFactor what a clip by norm multiplied g by; 1 where there was none, the smallest where each tensor had its
/// own
/// @param updateNorm of θ_new − θ_old; empty where θ_old is not known any more
/// @param parameterNorm of θ_new
/// @param touched how many elements of θ the step was about
public record Metrics(double learningRate, double gradNorm, double clipFactor, Optional<Double> updateNorm,
		double parameterNorm, long touched) {

	/// @throws NonFiniteResultException if a norm is beyond F64
	static Metrics of(double learningRate, double gradNorm, double clipFactor, Optional<Double> updateNorm,
			double parameterNorm, long touched) {
		requireFinite("grad_norm", gradNorm);
		updateNorm.ifPresent((norm) -> requireFinite("update_norm", norm));
		requireFinite("parameter_norm", parameterNorm);
		return new Metrics(learningRate, gradNorm, clipFactor, updateNorm, parameterNorm, touched);
	}

	private static void requireFinite(String name, double norm) {
		if (!Double.isFinite(norm)) {
			throw new NonFiniteResultException(name, 0, norm);
		}
	}

}
