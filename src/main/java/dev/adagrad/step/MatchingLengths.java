package dev.adagrad.step;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.adagrad.request.Accumulator;
import dev.adagrad.request.FieldViolation;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Shape;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import org.jspecify.annotations.Nullable;

/// `parameter`, `grad` and `G` have one shape: all numbers, or all arrays of one length. Other constraints report a missing
/// tensor. If rows share their G, it has one element per row. The violation carries a [FieldViolation] that names both
/// lengths.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = MatchingLengths.Validator.class)
@interface MatchingLengths {

	String message() default "parameter, grad and G must have one length";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/// Compares each tensor that is present with the first one that is present. It makes
	/// no list of them, since it runs in every step.
	final class Validator implements ConstraintValidator<MatchingLengths, SteppedTensor> {

		@Override
		public boolean isValid(SteppedTensor tensor, ConstraintValidatorContext context) {
			if (!match("parameter", tensor.parameter(), "grad", tensor.grad(), context)) {
				return false;
			}
			if (tensor.accumulator() == Accumulator.ROW) {
				return matchRows(tensor, context);
			}
			return match("parameter", tensor.parameter(), "G", tensor.G(), context)
					&& match("grad", tensor.grad(), "G", tensor.G(), context) && matchShape(tensor, context);
		}

		private static boolean matchShape(SteppedTensor tensor, ConstraintValidatorContext context) {
			List<Long> shape = tensor.shape();
			Numbers parameter = tensor.parameter();
			if (shape == null || parameter == null || size(shape) == parameter.size()) {
				return true;
			}
			FieldViolation.of("/shape", "is " + shape + ", but parameter is " + describe(parameter.shape()))
				.report(context);
			return false;
		}

		/// One element of G for each entry along the first axis of the parameter.
		private static boolean matchRows(SteppedTensor tensor, ConstraintValidatorContext context) {
			Numbers parameter = tensor.parameter();
			Numbers G = tensor.G();
			if (parameter == null || G == null) {
				return true;
			}
			if (!matchShape(tensor, context)) {
				return false;
			}
			if (parameter.shape().isScalar() && G.shape().isScalar()) {
				return true;
			}
			List<Long> named = tensor.shape();
			List<Integer> dimensions = parameter.shape().dimensions();
			long rows = (named != null) ? (named.isEmpty() ? 0 : named.getFirst())
					: (dimensions.size() > 1) ? dimensions.getFirst() : G.size();
			if (G.shape().dimensions().size() == 1 && !dimensions.isEmpty() && G.size() == rows
					&& parameter.size() % G.size() == 0) {
				return true;
			}
			FieldViolation
				.of("/G", "is " + describe(G.shape()) + ", but must have an element for each row of parameter, "
						+ ((named != null) ? "whose shape is " + named : "which is " + describe(parameter.shape())))
				.report(context);
			return false;
		}

		private static double size(List<Long> shape) {
			return shape.stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b);
		}

		private static boolean match(String firstName, @Nullable Numbers first, String name, @Nullable Numbers second,
				ConstraintValidatorContext context) {
			if (first == null || second == null || second.shape().equals(first.shape())) {
				return true;
			}
			Map<String, Integer> lengths = new LinkedHashMap<>();
			if (!first.shape().isScalar() && !second.shape().isScalar()) {
				lengths.put(firstName, first.size());
				lengths.put(name, second.size());
			}
			new FieldViolation("/" + name,
					"is " + describe(second.shape()) + ", but " + firstName + " is " + describe(first.shape()), lengths)
				.report(context);
			return false;
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
