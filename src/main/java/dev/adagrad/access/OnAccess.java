package dev.adagrad.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/// For what is there in some modes of access only.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnAccess.InMode.class)
@interface OnAccess {

	/// The modes.
	AccessMode[] value();

	/// Compares the mode with those of the annotation.
	final class InMode implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			AccessMode[] modes = metadata.getAnnotations().get(OnAccess.class).getEnumArray("value", AccessMode.class);
			return List.of(modes).contains(AccessMode.of(context.getEnvironment()));
		}

	}

}
