package dev.adagrad.session.store;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Says why the service does not start in a sentence instead of a stack trace.
public final class StoreStartFailureAnalyzer extends AbstractFailureAnalyzer<StoreStartException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, StoreStartException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
	}

}
