package dev.adagrad.server;

import java.util.HashMap;
import java.util.Map;

import dev.adagrad.spool.OverloadedException;

import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/// Keeps the memory of all requests under way, together, below `adagrad.limits.max-inflight`, so that what is too much is
/// refused one by one instead of taking the heap away from the server itself. Two parts of it are kept back:
///
/// 1. an eighth, for requests that take no more than {@value #SMALL} bytes: large ones cannot keep them out;
/// 2. a quarter (`adagrad.limits.max-inflight-per-client`), for all other clients: none can keep the others out. A client
/// is the address that its connection comes from, or that a trusted proxy has told.
///
/// A request takes as its numbers come and not as they are announced, so whoever announces much and sends little holds
/// little.
///
/// Safe for use by any number of threads.
@Component
class Admission {

	/// The most that a small request takes, in bytes.
	static final long SMALL = 1 << 20;

	private final long most;

	private final long mostOfLarge;

	private final long mostOfClient;

	private final Map<String, Long> byClient = new HashMap<>();

	private long taken;

	private long takenByLarge;

	Admission(LimitsProperties limits) {
		this.most = limits.maxInflight().toBytes();
		this.mostOfLarge = this.most - this.most / 8;
		this.mostOfClient = Math.min(this.most, limits.maxInflightPerClient().toBytes());
	}

	/// Lets a request have another amount than before.
	/// @param before what it had, ≥ 0
	/// @param after what it is to have, ≥ 0
	/// @throws OverloadedException if that is more, and others hold too much; then it has
	/// what it had
	synchronized void change(String client, long before, long after) {
		long more = after - before;
		long moreOfLarge = large(after) - large(before);
		if (more > 0) {
			require(this.taken + more, this.most, after);
			require(this.byClient.getOrDefault(client, 0L) + more, this.mostOfClient, after);
		}
		if (moreOfLarge > 0) {
			require(this.takenByLarge + moreOfLarge, this.mostOfLarge, after);
		}
		this.taken += more;
		this.takenByLarge += moreOfLarge;
		this.byClient.merge(client, more, (old, added) -> (old + added != 0) ? Long.valueOf(old + added) : null);
	}

	private static long large(long bytes) {
		return (bytes > SMALL) ? bytes : 0;
	}

	private void require(long together, long bound, long alone) {
		if (alone > bound) {
			throw new OverloadedException("this request needs more memory than the server has for requests: "
					+ DataSize.ofBytes(bound).toKilobytes() + " KB (adagrad.limits.max-inflight)");
		}
		if (together > bound) {
			throw new OverloadedException("other requests leave no room for this one now");
		}
	}

}
