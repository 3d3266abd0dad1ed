package dev.adagrad.session.http;

import java.util.Map;
import java.util.Set;

import dev.adagrad.request.FieldViolation;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Shape;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import org.hibernate.validator.engine.HibernateConstraintViolation;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Which fields may stand beside each other, and what follows from those that do not stand there.
class CreateSessionRequestTest {

	private static final Validator VALIDATOR = Validation.byDefaultProvider()
		.configure()
		.messageInterpolator(new ParameterMessageInterpolator())
		.buildValidatorFactory()
		.getValidator();

	private static CreateSessionRequest request(@Nullable Long size, int G, int parameter, @Nullable Double initialG,
			@Nullable Double initialParameter) {
		return new CreateSessionRequest(size, blocks(G), blocks(parameter), initialG, initialParameter, null, null,
				null, null, null, null, null, null, null, null, null, null, null, null, null, null);
	}

	private static @Nullable Blocks<Numbers> blocks(int size) {
		return (size > 0) ? Blocks.of(DoubleTensor.vector(new double[size])) : null;
	}

	private static <T> FieldViolation violation(T request) {
		Set<ConstraintViolation<T>> violations = VALIDATOR.validate(request);
		assertThat(violations).hasSize(1);
		HibernateConstraintViolation<?> found = violations.iterator().next().unwrap(HibernateConstraintViolation.class);
		FieldViolation violation = found.getDynamicPayload(FieldViolation.class);
		assertThat(violation).isNotNull();
		return violation;
	}

	private static void assertRefused(CreateSessionRequest request, String pointer, String detail) {
		assertThat(violation(request)).isEqualTo(FieldViolation.of(pointer, detail));
	}

	@Test
	void aSizeOrTensorsMustBeGiven() {
		assertThat(VALIDATOR.validate(request(3L, 0, 0, null, null))).isEmpty();
		assertThat(VALIDATOR.validate(request(3L, 0, 0, 0.5, 0.5))).isEmpty();
		assertThat(VALIDATOR.validate(request(null, 3, 0, null, null))).isEmpty();
		assertThat(VALIDATOR.validate(request(null, 0, 3, 0.5, null))).isEmpty();
		assertThat(VALIDATOR.validate(request(null, 3, 3, null, null))).isEmpty();
		assertRefused(request(null, 0, 0, null, null), "/size", "is required, unless G or parameter is given");
		assertRefused(request(3L, 3, 0, null, null), "/size", "must not stand beside G, which has its own");
		assertRefused(request(3L, 0, 3, null, null), "/size", "must not stand beside parameter, which has its own");
		assertRefused(request(null, 3, 0, 0.5, null), "/initial_accumulator_value", "must not stand beside G");
		assertRefused(request(null, 3, 0, null, 0.5), "/initial_parameter_value",
				"must stand beside size, not beside G");
		assertRefused(request(null, 0, 3, null, 0.5), "/initial_parameter_value",
				"must stand beside size, not beside parameter");
	}

	@Test
	void tensorsMustBeOfOneLength() {
		FieldViolation violation = violation(request(null, 3, 2, null, null));
		assertThat(violation.pointer()).isEqualTo("/parameter");
		assertThat(violation.detail()).isEqualTo("is an array of length 2, but G is an array of length 3");
		assertThat(violation.lengths()).isEqualTo(Map.of("G", 3, "parameter", 2));
	}

	@Test
	void theTensorsOfAStepAreArrays() {
		DoubleTensor number = DoubleTensor.of(Shape.scalar(), 1);
		DoubleTensor array = DoubleTensor.vector(1);
		assertThat(VALIDATOR.validate(new SessionStepRequest(array, null, null, null, null))).isEmpty();
		assertThat(VALIDATOR.validate(new SessionStepRequest(array, array, null, null, null))).isEmpty();
		assertThat(violation(new SessionStepRequest(number, null, null, null, null)))
			.isEqualTo(FieldViolation.of("", "must be an array of numbers, was a number"));
		assertThat(violation(new SessionStepRequest(array, number, null, null, null)))
			.isEqualTo(FieldViolation.of("", "must be an array of numbers, was a number"));
	}

	@Test
	void whatGStartsFromIsOfThePresetUnlessItIsNamed() {
		assertThat(request(3L, 0, 0, null, null).initialAccumulatorValueOrDefault()).isZero();
		assertThat(request(3L, 0, 0, 0.5, null).initialAccumulatorValueOrDefault()).isEqualTo(0.5);
		CreateSessionRequest keras = Requests.create("{'size':3,'preset':'keras'}");
		assertThat(keras.initialAccumulatorValueOrDefault()).isEqualTo(0.1);
	}

	/// One block, and what it is made into: twice the larger of both tensors.
	@Test
	void theMemoryOfARequestIsKnownBefore() {
		assertThat(request(3L, 0, 0, null, null).workingBytes()).isZero();
		assertThat(request(null, 3, 0, null, null).workingBytes()).isEqualTo(2 * 24);
		assertThat(request(null, 0, 4, null, null).workingBytes()).isEqualTo(2 * 32);
		Blocks<Numbers> three = Blocks.of(DoubleTensor.vector(1, 2, 3));
		assertThat(new RestoreRequest(1L, three, null).workingBytes()).isEqualTo(2 * 24);
		assertThat(new RestoreRequest(1L, three, blocks(4)).workingBytes()).isEqualTo(2 * 32);
	}

}
