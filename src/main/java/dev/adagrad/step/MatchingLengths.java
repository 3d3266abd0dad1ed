package dev.adagrad.step;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.adagrad.request.FieldViolation;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Shape;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;

/// `parameter`, `grad` and `G` have one shape: all numbers, or all arrays of one length. A tensor that is missing is
/// left to `@NotNull`. The violation carries a [FieldViolation] that names both lengths.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = MatchingLengths.Validator.class)
@interface MatchingLengths {

	String message() default "parameter, grad and G must have one length";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/// Compares each tensor that is there with the first one that is there.
	final class Validator implements ConstraintValidator<MatchingLengths, StepRequest> {

		@Override
		public boolean isValid(StepRequest request, ConstraintValidatorContext context) {
			Map<String, Numbers> tensors = new LinkedHashMap<>();
			tensors.put("parameter", request.parameter());
			tensors.put("grad", request.grad());
			tensors.put("G", request.G());
			tensors.values().removeIf((numbers) -> numbers == null);
			String firstName = null;
			Shape first = Shape.scalar();
			for (Map.Entry<String, Numbers> entry : tensors.entrySet()) {
				Shape shape = entry.getValue().shape();
				if (firstName == null) {
					firstName = entry.getKey();
					first = shape;
				}
				else if (!shape.equals(first)) {
					mismatch(firstName, first, entry.getKey(), shape).report(context);
					return false;
				}
			}
			return true;
		}

		private static FieldViolation mismatch(String firstName, Shape first, String name, Shape shape) {
			Map<String, Integer> lengths = new LinkedHashMap<>();
			if (!first.isScalar() && !shape.isScalar()) {
				lengths.put(firstName, first.size());
				lengths.put(name, shape.size());
			}
			return new FieldViolation("/" + name,
					"is " + describe(shape) + ", but " + firstName + " is " + describe(first), lengths);
		}

		private static String describe(Shape shape) {
			return switch (shape.dimensions().size()) {
				case 0 -> "a number";
				case 1 -> "an array of length " + shape.size();
				default -> "a tensor of shape " + shape.dimensions();
			};
		}

	}

}
