package dev.adagrad.kernel;

import java.util.Optional;

/// What a step reports about itself as a whole. Norms are the roots of F64 sums of squares, in the order of the
/// elements. They leave out frozen parts.
///
/// @param learningRate η_t, before any scale of a tensor
/// @param gradNorm of g as the step got it, before line 1
/// @param clipFactor the factor by which a clip by norm multiplied g; 1 if there was none, the smallest if each tensor
/// had its own
/// @param updateNorm of θ_new − θ_old; empty if θ_old is no longer known
/// @param parameterNorm of θ_new
/// @param touched the number of elements of θ in the step
public record Metrics(double learningRate, double gradNorm, double clipFactor, Optional<Double> updateNorm,
		double parameterNorm, long touched) {

	/// @throws NonFiniteResultException if a norm is beyond F64
	public Metrics {
		requireFinite("grad_norm", gradNorm);
		updateNorm.ifPresent((norm) -> requireFinite("update_norm", norm));
		requireFinite("parameter_norm", parameterNorm);
	}

	private static void requireFinite(String name, double norm) {
		if (!Double.isFinite(norm)) {
			throw new NonFiniteResultException(name, 0, norm);
		}
	}

}
