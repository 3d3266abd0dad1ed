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
import org.jspecify.annotations.Nullable;

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

	/// Compares each tensor that is there with the first one that is there, without a
	/// list of them: it is part of every step.
	final class Validator implements ConstraintValidator<MatchingLengths, StepRequest> {

		@Override
		public boolean isValid(StepRequest request, ConstraintValidatorContext context) {
			return match("parameter", request.parameter(), "grad", request.grad(), context)
					&& match("parameter", request.parameter(), "G", request.G(), context)
					&& match("grad", request.grad(), "G", request.G(), context);
		}

		private static boolean match(String firstName, @Nullable Numbers first, String name, @Nullable Numbers second,
				ConstraintValidatorContext context) {
			if (first == null || second == null || second.shape().equals(first.shape())) {
				return true;
			}
			mismatch(firstName, first.shape(), name, second.shape()).report(context);
			return false;
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
