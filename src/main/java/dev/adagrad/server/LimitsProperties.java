package dev.adagrad.server;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What one request, and all together, may cost.
///
/// @param maxRequestSize the bytes of a body, 1 B to less than 1 TB; beyond it the request is refused with 413
/// @param maxElements the elements of one array, ≥ 1; beyond it the request is refused with 413
/// @param maxInflight the bytes of all bodies under way together; beyond it a request is refused with 503. 0 stands for
/// a quarter of the heap, and is replaced by it
@ConfigurationProperties("adagrad.limits")
record LimitsProperties(@DefaultValue("256MB") DataSize maxRequestSize, @DefaultValue("16777216") int maxElements,
		@DefaultValue("0B") DataSize maxInflight) {

	/// What a Java array can surely hold.
	private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

	/// @throws IllegalArgumentException if a limit is out of its range
	LimitsProperties {
		if (maxRequestSize.toBytes() < 1 || maxRequestSize.toTerabytes() > 0) {
			throw new IllegalArgumentException(
					"adagrad.limits.max-request-size must be 1B to less than 1TB, was " + maxRequestSize);
		}
		if (maxElements < 1 || maxElements > LARGEST_ARRAY) {
			throw new IllegalArgumentException(
					"adagrad.limits.max-elements must be 1 to " + LARGEST_ARRAY + ", was " + maxElements);
		}
		if (maxInflight.isNegative()) {
			throw new IllegalArgumentException("adagrad.limits.max-inflight must be at least 0B, was " + maxInflight);
		}
		if (maxInflight.toBytes() == 0) {
			maxInflight = DataSize.ofBytes(Runtime.getRuntime().maxMemory() / 4);
		}
	}

}
