package dev.adagrad.torture;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What came back, and how often: statuses with the codes of their problems, such as `503 overloaded`, or how a
/// connection ended without an answer.
///
/// Safe for use by any number of threads.
final class Tally {

	static final String CLOSED = "closed";

	static final String BROKEN_OFF = "closed in mid-answer";

	static final String REFUSED = "not connected";

	/// What a client must be ready for under an overload.
	private static final Pattern ALLOWED = Pattern
		.compile("200|201|204|408 .*|409 session-busy|503 (overloaded|store-unavailable)|507 .*");

	private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

	private final LongAdder sentBytes = new LongAdder();

	private final LongAdder receivedBytes = new LongAdder();

	void count(String what) {
		this.counts.computeIfAbsent(what, (key) -> new LongAdder()).increment();
	}

	void sent(long bytes) {
		this.sentBytes.add(bytes);
	}

	void received(long bytes) {
		this.receivedBytes.add(bytes);
	}

	/// How many answers were of what was asked for.
	long successes() {
		return this.counts.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().startsWith("2"))
			.mapToLong((entry) -> entry.getValue().sum())
			.sum();
	}

	/// Whether nearly nothing else came back: one connection in twenty may make way for
	/// another, on a machine that has no
	/// time for it.
	boolean isNearlyOnly(String what) {
		long all = this.counts.values().stream().mapToLong(LongAdder::sum).sum();
		LongAdder those = this.counts.get(what);
		return those != null && those.sum() * 20 >= all * 19;
	}

	/// Answers that no overload excuses; an end without an answer is none.
	Set<String> unexpected() {
		return this.counts.keySet()
			.stream()
			.filter((what) -> Character.isDigit(what.charAt(0)) && !ALLOWED.matcher(what).matches())
			.collect(Collectors.toSet());
	}

	@Override
	public String toString() {
		return this.counts + ", " + this.sentBytes.sum() / 1_000_000 + " MB sent, "
				+ this.receivedBytes.sum() / 1_000_000 + " MB received";
	}

}
