package dev.adagrad.server;

import java.time.Duration;

import dev.adagrad.kernel.Stack;
import dev.adagrad.wire.Limits;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What one request, one client, and all requests together may cost.
///
/// @param maxRequestSize maximum size of a body, 1 B to less than 1 TB. A larger one is refused with 413
/// @param maxElements maximum number of elements of one array, ≥ 1. More are refused with 413
/// @param maxSessionElements maximum number of elements of a tensor of a session, 1 to 2⁴⁰. A larger one is refused with
/// 422. What was never stepped takes no room
/// @param maxInflight maximum memory of all requests under way together: their numbers, and what is computed from them.
/// Beyond it a request is refused with 503. 0 means half of what the heap has beside the service itself
/// @param maxInflightPerClient the part of it that the large requests of one address may take. 0 means three quarters
/// @param minRate minimum bytes per second at which a body must arrive, and an answer must be read
/// @param grace how long they may take beyond what that rate allows
/// @param requestTimeout maximum time for a body to arrive, or for an answer to be read, whatever the rate. A slower
/// request is refused with 408
@ConfigurationProperties("adagrad.limits")
record LimitsProperties(@DefaultValue("256MB") DataSize maxRequestSize, @DefaultValue("16777216") int maxElements,
		@DefaultValue("1099511627776") long maxSessionElements, @DefaultValue("0B") DataSize maxInflight,
		@DefaultValue("0B") DataSize maxInflightPerClient, @DefaultValue("16KB") DataSize minRate,
		@DefaultValue("20s") Duration grace, @DefaultValue("10m") Duration requestTimeout) {

	/// About how much memory the service takes without a request.
	private static final long OWN_BYTES = DataSize.ofMegabytes(48).toBytes();

	/// @throws IllegalArgumentException if a limit is out of its range
	LimitsProperties {
		if (maxRequestSize.toBytes() < 1 || maxRequestSize.toTerabytes() > 0) {
			throw new IllegalArgumentException(
					"adagrad.limits.max-request-size must be 1B to less than 1TB, was " + maxRequestSize);
		}
		if (maxElements < 1 || maxElements > Stack.LARGEST_ARRAY) {
			throw new IllegalArgumentException(
					"adagrad.limits.max-elements must be 1 to " + Stack.LARGEST_ARRAY + ", was " + maxElements);
		}
		if (maxSessionElements < 1 || maxSessionElements > Limits.LARGEST_SESSION) {
			throw new IllegalArgumentException("adagrad.limits.max-session-elements must be 1 to "
					+ Limits.LARGEST_SESSION + ", was " + maxSessionElements);
		}
		requireNotNegative("adagrad.limits.max-inflight", maxInflight);
		requireNotNegative("adagrad.limits.max-inflight-per-client", maxInflightPerClient);
		if (minRate.toBytes() < 1) {
			throw new IllegalArgumentException("adagrad.limits.min-rate must be at least 1B, was " + minRate);
		}
		requirePositive("grace", grace);
		requirePositive("request-timeout", requestTimeout);
		if (maxInflight.toBytes() == 0) {
			maxInflight = DataSize.ofBytes(bytesForRequests(Runtime.getRuntime().maxMemory()) / 2);
		}
		if (maxInflightPerClient.toBytes() == 0) {
			maxInflightPerClient = DataSize.ofBytes(maxInflight.toBytes() / 4 * 3);
		}
	}

	/// About how many bytes of a heap are for requests: what the service itself leaves.
	static long bytesForRequests(long heapBytes) {
		return Math.max(heapBytes / 4, heapBytes - OWN_BYTES);
	}

	static void requireNotNegative(String name, DataSize size) {
		if (size.isNegative()) {
			throw new IllegalArgumentException(name + " must be at least 0B, was " + size);
		}
	}

	private static void requirePositive(String name, Duration duration) {
		if (!duration.isPositive()) {
			throw new IllegalArgumentException("adagrad.limits." + name + " must be more than 0s, was " + duration);
		}
	}

	/// How slowly a body may come, and how slowly a client may take an answer.
	Pace pace() {
		return new Pace(this.minRate.toBytes(), this.grace, this.requestTimeout);
	}

}
