package dev.adagrad.request;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Map;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import org.jspecify.annotations.Nullable;

/// The request has either all required fields of one tensor without a name, or `tensors`.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = AloneOrNamed.Validator.class)
public @interface AloneOrNamed {

	String message() default Rules.REQUIRED;

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/// A request about one tensor without a name, or about named tensors.
	interface Fields {

		@Nullable Map<String, ?> tensors();

		/// Calls `each` for every field of the one tensor.
		void alone(Field each);

	}

	/// Receives the fields of the one tensor.
	@FunctionalInterface
	interface Field {

		/// Receives one field.
		/// @param missing the message if the field is missing, or [Rules#NOTHING]
		void is(String name, @Nullable Object value, String missing);

	}

	/// Reports each missing field, or reports `tensors` if a field of the one tensor
	/// stands beside it.
	final class Validator implements ConstraintValidator<AloneOrNamed, Fields> {

		@Override
		public boolean isValid(Fields request, ConstraintValidatorContext context) {
			boolean[] valid = { true };
			boolean named = request.tensors() != null;
			request.alone((name, value, missing) -> {
				if (named && value != null && valid[0]) {
					FieldViolation.of("/tensors", "must not stand beside " + name).report(context);
					valid[0] = false;
				}
				if (!named && value == null && !missing.equals(Rules.NOTHING)) {
					context.disableDefaultConstraintViolation();
					context.buildConstraintViolationWithTemplate(missing)
						.addPropertyNode(name)
						.addConstraintViolation();
					valid[0] = false;
				}
			});
			return valid[0];
		}

	}

}
