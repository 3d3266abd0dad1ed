package dev.adagrad.kernel;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.adagrad.tensor.Bounds;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// One step in F32, the twin of [DoubleStep]. Norms are F64. So are the factors computed from them, which are rounded
/// to F32 once.
///
/// @param h what holds for all parts: η_t, and a clip by the norm of all
/// @param accumulates whether to add to the given G; otherwise it is the G after the step
record FloatStep(Hyperparameters h, List<Part> parts, long step, boolean accumulates) {

	/// @param inPlace whether the step may write to the arrays of all three tensors and
	/// return them in the result
	StepResult take(FloatTensor parameter, FloatTensor grad, FloatTensor G, Set<Include> include, boolean inPlace) {
		boolean measured = include.contains(Include.METRICS);
		// where each element has its own G, the results for G have the parameter's shape
		Shape sums = (G.size() == parameter.size()) ? parameter.shape() : G.shape();
		// decoupled decay needs the old parameter beside the new one
		boolean apart = !inPlace || measured;
		for (Part part : this.parts) {
			apart |= part.hyperparameters().isDecoupled();
		}
		float[] theta = parameter.values();
		float[] newParameter = apart ? new float[theta.length] : theta;
		float[] newG = inPlace ? G.values() : new float[G.size()];
		float @Nullable [] effective = include.contains(Include.EFFECTIVE_LEARNING_RATE) ? new float[newG.length]
				: null;
		float @Nullable [] update = include.contains(Include.UPDATE) ? new float[theta.length] : null;
		// the prepared gradient may use the place of the new parameter: each element is
		// read before its place is written
		float[] scratch = inPlace ? grad.values() : newParameter;
		boolean provable = this.accumulates && effective == null && update == null;
		double norm = (measured || this.h.clipping() instanceof Clipping.ByNorm) ? norm(grad.values(), this.parts) : 0;
		double smallestFactor = 1;
		// before anything is written: bounds that are not known yet must come from the
		// old values
		Bounds largest = provable ? parameter.bounds() : Bounds.EMPTY;
		Bounds steepest = provable ? grad.bounds() : Bounds.EMPTY;
		Bounds squares = provable ? G.bounds() : Bounds.EMPTY;
		for (Part part : this.parts) {
			if (part.frozen()) {
				System.arraycopy(theta, part.from(), newParameter, part.from(), part.size());
				System.arraycopy(G.values(), part.accumulatorFrom(), newG, part.accumulatorFrom(),
						part.accumulatorTo() - part.accumulatorFrom());
				continue;
			}
			double factor = factor(part, grad.values(), norm);
			smallestFactor = Math.min(smallestFactor, factor);
			FloatLoops loops = new FloatLoops(part, this.step, factor, this.accumulates);
			boolean rows = effective == null && update == null && loops.isPlainRows();
			boolean proved = provable && part.rowLength() == 1 && loops.isProvedFinite(largest, steepest, squares);
			float[] prepared = loops.prepare(grad.values(), theta, scratch);
			if (proved) {
				loops.stepProved(theta, prepared, G.values(), newParameter, newG);
			}
			else if (rows) {
				loops.stepRows(theta, prepared, G.values(), newParameter, newG);
			}
			else {
				loops.stepChecked(theta, prepared, G.values(), newParameter, newG, effective, update);
			}
		}
		Map<Include, Tensor> included = new EnumMap<>(Include.class);
		if (effective != null) {
			included.put(Include.EFFECTIVE_LEARNING_RATE, FloatTensor.proved(sums, effective));
		}
		if (update != null) {
			included.put(Include.UPDATE, FloatTensor.proved(parameter.shape(), update));
		}
		Optional<Metrics> metrics = measured
				? Optional.of(metrics(norm, smallestFactor, Optional.of(theta), newParameter)) : Optional.empty();
		return new StepResult(FloatTensor.proved(parameter.shape(), newParameter), FloatTensor.proved(sums, newG),
				included, metrics);
	}

	/// The metrics of a step that was taken before, when θ_old is gone.
	Metrics metrics(FloatTensor grad, FloatTensor newParameter) {
		double norm = norm(grad.values(), this.parts);
		double smallestFactor = 1;
		for (Part part : this.parts) {
			smallestFactor = part.frozen() ? smallestFactor
					: Math.min(smallestFactor, factor(part, grad.values(), norm));
		}
		return metrics(norm, smallestFactor, Optional.empty(), newParameter.values());
	}

	/// η_t / denominator for a G that already includes the gradient.
	FloatTensor effectiveLearningRate(FloatTensor G) {
		float[] effective = new float[G.size()];
		for (Part part : this.parts) {
			if (!part.frozen()) {
				new FloatLoops(part, this.step, 1, false).effectiveLearningRate(G.values(), effective);
			}
		}
		return FloatTensor.proved(G.shape(), effective);
	}

	/// The factor by which a clip by norm multiplies g; 1 if there is no such clip.
	/// @param norm the norm of all parts
	private double factor(Part part, float[] grad, double norm) {
		return (this.h.clipping() instanceof Clipping.ByNorm byNorm)
				? byNorm.factor((byNorm.scope() == Clipping.Scope.GLOBAL) ? norm : norm(grad, List.of(part))) : 1;
	}

	private Metrics metrics(double gradNorm, double clipFactor, Optional<float[]> old, float[] parameter) {
		long touched = 0;
		for (Part part : this.parts) {
			touched += part.frozen() ? 0 : part.size();
		}
		Optional<Double> updateNorm = old.map((theta) -> norm(parameter, theta, this.parts));
		return new Metrics(this.h.effectiveRate(this.step), gradNorm, clipFactor, updateNorm,
				norm(parameter, this.parts), touched);
	}

	private static double norm(float[] values, List<Part> parts) {
		return norm(values, null, parts);
	}

	/// The Euclidean norm of what is not frozen. The square of a float is exact in F64,
	/// and no sum of such squares can overflow or underflow.
	/// @param others what to subtract from the values first, if anything
	private static double norm(float[] values, float @Nullable [] others, List<Part> parts) {
		double sum = 0;
		for (Part part : parts) {
			for (int i = part.from(); !part.frozen() && i < part.to(); i++) {
				double difference = (others == null) ? values[i] : (double) values[i] - others[i];
				sum += difference * difference;
			}
		}
		return Math.sqrt(sum);
	}

}
