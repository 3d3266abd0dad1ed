package dev.adagrad.session.http;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.adagrad.request.FieldViolation;
import dev.adagrad.tensor.Numbers;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import org.jspecify.annotations.Nullable;

/// Not a bare number: the tensors of a session are arrays. Null is valid.
@Documented
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ArraysOnly.Validator.class)
@interface ArraysOnly {

	String message() default "must be an array of numbers, was a number";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/// Looks at the shape alone.
	final class Validator implements ConstraintValidator<ArraysOnly, Numbers> {

		@Override
		public boolean isValid(@Nullable Numbers numbers, ConstraintValidatorContext context) {
			if (numbers == null || !numbers.shape().isScalar()) {
				return true;
			}
			FieldViolation.of("", context.getDefaultConstraintMessageTemplate()).report(context);
			return false;
		}

	}

}
