package dev.adagrad.session.http;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import dev.adagrad.request.FieldViolation;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Numbers;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;

/// A session is created either with `size`, and then with one value for all elements, or with `G`, `parameter` or both,
/// of one length.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = TensorsOrSize.Validator.class)
@interface TensorsOrSize {

	String message() default "size, or G and/or parameter, must be given";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/// Reports the first rule that is broken.
	final class Validator implements ConstraintValidator<TensorsOrSize, CreateSessionRequest> {

		@Override
		public boolean isValid(CreateSessionRequest request, ConstraintValidatorContext context) {
			Optional<FieldViolation> violation = violation(request);
			violation.ifPresent((found) -> found.report(context));
			return violation.isEmpty();
		}

		private static Optional<FieldViolation> violation(CreateSessionRequest request) {
			Blocks<Numbers> G = request.G();
			Blocks<Numbers> parameter = request.parameter();
			boolean hasG = G != null;
			boolean hasParameter = parameter != null;
			if (request.size() == null && !hasG && !hasParameter) {
				return broken("/size", "is required, unless G or parameter is given");
			}
			if (request.size() != null && (hasG || hasParameter)) {
				return broken("/size", "must not stand beside " + (hasG ? "G" : "parameter") + ", which has its own");
			}
			if (hasG && request.initialAccumulatorValue() != null) {
				return broken("/initial_accumulator_value", "must not stand beside G");
			}
			if (request.initialParameterValue() != null && request.size() == null) {
				return broken("/initial_parameter_value",
						"must stand beside size, not beside " + (hasParameter ? "parameter" : "G"));
			}
			if (G != null && parameter != null && G.size() != parameter.size()) {
				Map<String, Integer> lengths = new LinkedHashMap<>();
				lengths.put("G", G.size());
				lengths.put("parameter", parameter.size());
				return Optional.of(new FieldViolation("/parameter",
						"is an array of length " + parameter.size() + ", but G is an array of length " + G.size(),
						lengths));
			}
			return Optional.empty();
		}

		private static Optional<FieldViolation> broken(String pointer, String detail) {
			return Optional.of(FieldViolation.of(pointer, detail));
		}

	}

}
