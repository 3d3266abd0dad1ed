package dev.adagrad.step;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.adagrad.kernel.AdaGrad;
import dev.adagrad.kernel.NonFiniteResultException;
import dev.adagrad.kernel.StepResult;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.StepMetrics;
import dev.adagrad.tensor.DType;
import dev.adagrad.trace.Phase;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.springframework.stereotype.Service;

/// Takes one step for a validated request, with the kernel. Its only state is its meters. It is safe for use by any
/// number of threads.
@Service
class StepService {

	private static final Phase KERNEL = Phase.of("kernel");

	private final DistributionSummary elements;

	private final Timer kernelTime;

	StepService(MeterRegistry meters) {
		this.elements = DistributionSummary.builder("adagrad.step.elements")
			.description("Elements per step")
			.baseUnit("elements")
			.register(meters);
		this.kernelTime = Timer.builder("adagrad.kernel").description("Time in the update itself").register(meters);
	}

	/// Takes the step in the memory of the request, which is useless afterwards.
	/// @throws Refusal if an element is beyond the range of the request's dtype
	/// @throws NonFiniteResultException if an element of the result would not be finite
	StepResponse step(StepRequest request) {
		DType dtype = request.dtypeOrDefault();
		StackedTensors stacked = StackedTensors.of(request.named(), dtype);
		this.elements.record(stacked.parameter().size());
		AdaGrad update = new AdaGrad(request.hyperparameters(), stacked.stack().parts(), request.stepOrDefault());
		long start = System.nanoTime();
		StepResult result = KERNEL.run(() -> stacked.take(update, request.included()));
		this.kernelTime.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
		StepMetrics metrics = StepMetrics.of(result.metrics());
		Map<String, TensorStepResponse> tensors = stacked.unstack(result);
		return (request.tensors() == null) ? StepResponse.alone(tensors.values().iterator().next(), metrics)
				: StepResponse.named(tensors, metrics);
	}

}
