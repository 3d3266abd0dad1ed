package dev.adagrad.request;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.adagrad.tensor.Numbers;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import org.jspecify.annotations.Nullable;

/// Every element of a [Numbers] is ≥ 0. Null is valid. The violation carries a [FieldViolation] with the first element
/// that breaks the rule.
@Documented
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = NonNegativeElements.Validator.class)
public @interface NonNegativeElements {

	String message() default Rules.NOT_NEGATIVE;

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/// O(1) if all elements are valid: then it needs only the bounds.
	final class Validator implements ConstraintValidator<NonNegativeElements, Numbers> {

		@Override
		public boolean isValid(@Nullable Numbers numbers, ConstraintValidatorContext context) {
			if (numbers == null || numbers.bounds().min() >= 0) {
				return true;
			}
			int index = 0;
			while (numbers.valueAt(index) >= 0) {
				index++;
			}
			FieldViolation
				.of(numbers.shape().isScalar() ? "" : "/" + index,
						Rules.NOT_NEGATIVE + ", was " + numbers.valueAt(index))
				.report(context);
			return false;
		}

	}

}
