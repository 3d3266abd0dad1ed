package dev.adagrad.server;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// What one request may cost.
///
/// @param maxRequestSize the bytes of a body; beyond it the request is refused with 413
/// @param maxElements the elements of one array; beyond it the request is refused with 413
@Validated
@ConfigurationProperties("adagrad.limits")
record LimitsProperties(@DefaultValue("256MB") DataSize maxRequestSize,
		@DefaultValue("16777216") @Min(1) @Max(LimitsProperties.LARGEST_ARRAY) int maxElements) {

	/// What a Java array can surely hold.
	static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

	LimitsProperties {
		if (maxRequestSize.toBytes() < 1) {
			throw new IllegalArgumentException(
					"adagrad.limits.max-request-size must be at least 1B, was " + maxRequestSize);
		}
	}

}
