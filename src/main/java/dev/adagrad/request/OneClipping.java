package dev.adagrad.request;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;

import dev.adagrad.tensor.TensorNames;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;

/// A request must not have both `clip_value` and `clip_norm`, nor the `clip_value` of a tensor beside the `clip_norm`
/// of all.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = OneClipping.Validator.class)
public @interface OneClipping {

	String message() default "must not stand beside %s: use one of the two";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/// Reports `clip_norm`, the second of the two in the contract's order.
	final class Validator implements ConstraintValidator<OneClipping, HyperparameterFields> {

		@Override
		public boolean isValid(HyperparameterFields fields, ConstraintValidatorContext context) {
			if (fields.clipNorm() == null) {
				return true;
			}
			if (fields.clipValue() != null) {
				return refused("/clip_norm", "clip_value", context);
			}
			for (Map.Entry<String, ? extends TensorFields> own : fields.own().entrySet()) {
				if (own.getValue().clipValue() != null) {
					return refused("/tensors" + TensorNames.pointer(own.getKey()) + "/clip_value", "clip_norm",
							context);
				}
			}
			return true;
		}

		private static boolean refused(String pointer, String other, ConstraintValidatorContext context) {
			FieldViolation.of(pointer, context.getDefaultConstraintMessageTemplate().formatted(other)).report(context);
			return false;
		}

	}

}
