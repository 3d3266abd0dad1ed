package dev.adagrad.server;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What one request may cost.
///
/// @param maxRequestSize the bytes of a body, ≥ 1; beyond it the request is refused with 413
/// @param maxElements the elements of one array, ≥ 1; beyond it the request is refused with 413
@ConfigurationProperties("adagrad.limits")
record LimitsProperties(@DefaultValue("256MB") DataSize maxRequestSize, @DefaultValue("16777216") int maxElements) {

	/// What a Java array can surely hold.
	private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

	/// @throws IllegalArgumentException if a limit is out of its range
	LimitsProperties {
		if (maxRequestSize.toBytes() < 1) {
			throw new IllegalArgumentException(
					"adagrad.limits.max-request-size must be at least 1B, was " + maxRequestSize);
		}
		if (maxElements < 1 || maxElements > LARGEST_ARRAY) {
			throw new IllegalArgumentException(
					"adagrad.limits.max-elements must be 1 to " + LARGEST_ARRAY + ", was " + maxElements);
		}
	}

}
