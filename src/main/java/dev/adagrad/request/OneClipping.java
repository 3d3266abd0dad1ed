package dev.adagrad.request;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;

/// Not both `clip_value` and `clip_norm`.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = OneClipping.Validator.class)
public @interface OneClipping {

	String message() default "must not stand beside clip_value: use one of the two";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/// Blames `clip_norm`, the second of the two in the contract's order.
	final class Validator implements ConstraintValidator<OneClipping, HyperparameterFields> {

		@Override
		public boolean isValid(HyperparameterFields fields, ConstraintValidatorContext context) {
			if (fields.clipValue() == null || fields.clipNorm() == null) {
				return true;
			}
			FieldViolation.of("/clip_norm", context.getDefaultConstraintMessageTemplate()).report(context);
			return false;
		}

	}

}
