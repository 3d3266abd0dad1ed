package dev.adagrad.step;

import java.util.concurrent.TimeUnit;

import dev.adagrad.kernel.AdaGrad;
import dev.adagrad.kernel.Include;
import dev.adagrad.kernel.NonFiniteResultException;
import dev.adagrad.kernel.StepResult;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.StepMetrics;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.OutOfRangeException;
import dev.adagrad.tensor.Tensor;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.springframework.stereotype.Service;

/// Takes one step for a request that has been validated, by the kernel. Holds no state but its meters; safe for use by
/// any number of threads.
@Service
class StepService {

	private final DistributionSummary elements;

	private final Timer kernelTime;

	StepService(MeterRegistry meters) {
		this.elements = DistributionSummary.builder("adagrad.step.elements")
			.description("Elements per step")
			.baseUnit("elements")
			.register(meters);
		this.kernelTime = Timer.builder("adagrad.kernel").description("Time in the update itself").register(meters);
	}

	/// Takes the step in the memory of the request, which is of no use any more then.
	/// @throws Refusal if an element is beyond the range of the request's dtype
	/// @throws NonFiniteResultException if an element of the result would not be finite
	StepResponse step(StepRequest request) {
		DType dtype = request.dtypeOrDefault();
		Tensor parameter = in(dtype, "parameter", request.parameter());
		Tensor grad = in(dtype, "grad", request.grad());
		Tensor G = in(dtype, "G", request.G());
		this.elements.record(parameter.size());
		long start = System.nanoTime();
		// nobody else has the request's arrays
		StepResult result = AdaGrad.alone(request.hyperparameters(), request.stepOrDefault(), parameter.size())
			.takeInPlace(parameter, grad, G, request.included());
		this.kernelTime.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
		return new StepResponse(result.parameter(), result.G(), result.included().get(Include.EFFECTIVE_LEARNING_RATE),
				result.included().get(Include.UPDATE), StepMetrics.of(result.metrics()));
	}

	private static Tensor in(DType dtype, String field, Numbers numbers) {
		try {
			return numbers.as(dtype);
		}
		catch (OutOfRangeException ex) {
			String pointer = numbers.shape().isScalar() ? "/" + field : "/" + field + "/" + ex.index();
			throw Refusal.at(Code.INVALID_FIELD, pointer, "must fit " + dtype + ", was " + ex.value());
		}
	}

}
