package dev.adagrad.request;

import java.util.Map;

import jakarta.validation.ConstraintValidatorContext;
import org.hibernate.validator.constraintvalidation.HibernateConstraintValidatorContext;

/// What one of our constraints knows beyond "violated": the place below the annotated property, and the whole
/// sentence. It is the dynamic payload of the constraint violation.
///
/// @param pointer the JSON pointer of the place, relative to the property, or to the request if the constraint is on the
/// whole request
/// @param detail the rule and the value that breaks it
/// @param lengths the lengths that do not match, by field; empty if the violation is not about lengths
public record FieldViolation(String pointer, String detail, Map<String, Integer> lengths) {

	public static FieldViolation of(String pointer, String detail) {
		return new FieldViolation(pointer, detail, Map.of());
	}

	public void report(ConstraintValidatorContext context) {
		context.unwrap(HibernateConstraintValidatorContext.class).withDynamicPayload(this);
	}

}
