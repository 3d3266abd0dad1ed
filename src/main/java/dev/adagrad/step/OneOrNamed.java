package dev.adagrad.step;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.adagrad.request.FieldViolation;
import dev.adagrad.request.Rules;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import org.jspecify.annotations.Nullable;

/// Either `parameter`, `grad` and `G`, all three, or `tensors`.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = OneOrNamed.Validator.class)
@interface OneOrNamed {

	String message() default Rules.REQUIRED;

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/// Blames each of the three that is missing, or that they stand there at all.
	final class Validator implements ConstraintValidator<OneOrNamed, StepRequest> {

		@Override
		public boolean isValid(StepRequest request, ConstraintValidatorContext context) {
			if (request.tensors() == null) {
				boolean parameter = isThere("parameter", request.parameter(), context);
				boolean grad = isThere("grad", request.grad(), context);
				return isThere("G", request.G(), context) && parameter && grad;
			}
			if (request.parameter() == null && request.grad() == null && request.G() == null) {
				return true;
			}
			FieldViolation.of("/tensors", "must not stand beside parameter, grad or G").report(context);
			return false;
		}

		private static boolean isThere(String name, @Nullable Object tensor, ConstraintValidatorContext context) {
			if (tensor != null) {
				return true;
			}
			context.disableDefaultConstraintViolation();
			context.buildConstraintViolationWithTemplate(Rules.REQUIRED).addPropertyNode(name).addConstraintViolation();
			return false;
		}

	}

}
