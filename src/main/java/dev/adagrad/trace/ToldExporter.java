package dev.adagrad.trace;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;

/// Exports spans as another exporter does, and logs when that begins to fail and when it works again: one line each. The
/// exporters' own logs, with a stack trace a minute for as long as the collector is away, are off.
///
/// After a failure it drops spans for a while without asking the collector. So a service that stops waits for one batch
/// that nobody takes, and not for all that are queued.
///
/// Safe for use by any number of threads.
final class ToldExporter implements SpanExporter {

	private static final Logger logger = LoggerFactory.getLogger(ToldExporter.class);

	private static final Duration PAUSE = Duration.ofSeconds(5);

	private final SpanExporter exporter;

	private final AtomicBoolean failing = new AtomicBoolean();

	private volatile long failedAt;

	ToldExporter(SpanExporter exporter) {
		this.exporter = exporter;
	}

	@Override
	public CompletableResultCode export(Collection<SpanData> spans) {
		if (this.failing.get() && System.nanoTime() - this.failedAt < PAUSE.toNanos()) {
			return CompletableResultCode.ofFailure();
		}
		CompletableResultCode result = this.exporter.export(spans);
		return result.whenComplete(() -> tell(result.isSuccess(), result.getFailureThrowable()));
	}

	private void tell(boolean succeeded, @Nullable Throwable failure) {
		this.failedAt = System.nanoTime();
		if (this.failing.getAndSet(!succeeded) == succeeded) {
			if (succeeded) {
				logger.info("the collector takes spans again");
			}
			else {
				logger.warn("spans are lost, until the collector takes them again: {}", reason(failure));
			}
		}
	}

	/// What the exporter says of an answer of the collector, it says in its own log
	/// alone.
	private static String reason(@Nullable Throwable failure) {
		Throwable cause = (failure != null) ? failure.getCause() : null;
		return (cause != null) ? NestedExceptionUtils.getMostSpecificCause(cause).toString() : "it refuses them";
	}

	@Override
	public CompletableResultCode flush() {
		return this.exporter.flush();
	}

	@Override
	public CompletableResultCode shutdown() {
		return this.exporter.shutdown();
	}

}
