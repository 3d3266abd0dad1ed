package dev.adagrad.session.store;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Whether the store can be written to. A write that changes nothing finds it out. A success is believed for ten
/// seconds, or until something fails.
///
/// Safe for use by any number of threads.
public final class WriteProof {

	private static final Duration BELIEVED = Duration.ofSeconds(10);

	private final Supplier<Optional<String>> attempt;

	private final LongSupplier failures;

	private Optional<Proved> last = Optional.empty();

	/// @param attempt writes; gives the reason if it could not
	/// @param failures a number that changes whenever a call of the store fails
	public WriteProof(Supplier<Optional<String>> attempt, LongSupplier failures) {
		this.attempt = attempt;
		this.failures = failures;
	}

	/// Why the store cannot be written to; empty if it can.
	public synchronized Optional<String> trouble() {
		boolean believed = this.last
			.filter((proved) -> System.nanoTime() - proved.at() < BELIEVED.toNanos()
					&& proved.failures() == this.failures.getAsLong())
			.isPresent();
		return believed ? Optional.empty() : renew();
	}

	/// As [#trouble], but always tries now.
	public synchronized Optional<String> renew() {
		long before = this.failures.getAsLong();
		Optional<String> trouble = this.attempt.get();
		this.last = trouble.isPresent() ? Optional.empty() : Optional.of(new Proved(System.nanoTime(), before));
		return trouble;
	}

	private record Proved(long at, long failures) {

	}

}
