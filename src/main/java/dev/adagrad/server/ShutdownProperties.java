package dev.adagrad.server;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How the service stops.
///
/// @param pause how long it still answers while it is no longer ready, so that a load balancer notices. At most
/// `spring.lifecycle.timeout-per-shutdown-phase`
@ConfigurationProperties("adagrad.shutdown")
record ShutdownProperties(@DefaultValue("0s") Duration pause) {

	/// @throws IllegalArgumentException if it is negative
	ShutdownProperties {
		if (pause.isNegative()) {
			throw new IllegalArgumentException("adagrad.shutdown.pause must not be negative, was " + pause);
		}
	}

}
