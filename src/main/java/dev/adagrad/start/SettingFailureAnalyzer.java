package dev.adagrad.start;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/// Says what is wrong with the value of a setting in the sentence of the record that holds it. Spring would say it among the
/// names of its classes.
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class SettingFailureAnalyzer extends AbstractFailureAnalyzer<IllegalArgumentException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, IllegalArgumentException cause) {
		String message = String.valueOf(cause.getMessage());
		return message.startsWith("adagrad.") ? new FailureAnalysis("The setting " + message + ".",
				"Correct it, or leave it out for its default.", cause) : null;
	}

}
