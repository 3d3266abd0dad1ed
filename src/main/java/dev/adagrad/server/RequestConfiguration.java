package dev.adagrad.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import dev.adagrad.session.StoreWait;
import dev.adagrad.spool.BoundedSpool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// When a request computes, and where its files go.
@Configuration(proxyBeanMethods = false)
class RequestConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(RequestConfiguration.class);

	/// A part of a request that computes without a pause takes less time, except the
	/// update of ten million elements. A part that waits without saying so takes longer.
	private static final Duration PATIENCE = Duration.ofMillis(20);

	/// With a shorter slice, short requests less often return to the same processor
	/// while its caches still hold their data. With a longer slice, others wait longer.
	private static final Duration SLICE = Duration.ofNanos(100_000);

	/// As many requests compute at a time as there are processors.
	@Bean
	Turns turns() {
		return new Turns(Runtime.getRuntime().availableProcessors(), SLICE, PATIENCE);
	}

	/// A request that waits for the store lets others compute.
	@Bean
	StoreWait leaveTurn() {
		return () -> Turns.current().leave();
	}

	@Bean
	BoundedSpool spool(SpoolProperties properties) {
		BoundedSpool spool = new BoundedSpool(Path.of(properties.path()), properties.maxSize().toBytes(),
				properties.maxSizePerClient().toBytes());
		try {
			spool.sweep();
		}
		catch (IOException ex) {
			logger.debug("what others have left in the folder for temporary files stays", ex);
		}
		return spool;
	}

}
