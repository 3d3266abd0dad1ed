package dev.adagrad.server;

import java.util.concurrent.atomic.AtomicLong;

import org.springframework.stereotype.Component;

/// Keeps the bodies of all requests under way, together, below `adagrad.limits.max-inflight`, so that many large
/// requests at once are refused one by one instead of taking the heap away from the server itself. A request that is by
/// itself larger than that is admitted when no other is under way.
///
/// Safe for use by any number of threads.
@Component
class Admission {

	private final long maxInflightBytes;

	private final AtomicLong inflightBytes = new AtomicLong();

	Admission(LimitsProperties limits) {
		this.maxInflightBytes = limits.maxInflight().toBytes();
	}

	/// The share of one request, at first 0 bytes.
	Share open() {
		return new Share();
	}

	/// How much of the total one request holds; for the thread of that request.
	final class Share {

		private long bytes;

		private Share() {
		}

		/// Asks for more.
		/// @throws OverloadedException if others hold too much; then nothing is added
		void add(long more) {
			long granted = Math.min(more, Admission.this.maxInflightBytes - this.bytes);
			long total = Admission.this.inflightBytes.addAndGet(granted);
			if (total > Admission.this.maxInflightBytes) {
				Admission.this.inflightBytes.addAndGet(-granted);
				throw new OverloadedException();
			}
			this.bytes += granted;
		}

		/// Gives all of it back.
		void release() {
			Admission.this.inflightBytes.addAndGet(-this.bytes);
			this.bytes = 0;
		}

	}

}
