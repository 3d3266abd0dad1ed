package dev.adagrad.request;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;

/// Counts requests by their [Outcome] (`ok` where none was left) and one thing more.
///
/// The counters are kept, as many as there are outcomes and things: the registry's own search costs more than a short
/// step. Safe for use by any number of threads.
public final class OutcomeCounters {

	private final MeterRegistry meters;

	private final String name;

	private final String description;

	private final String tag;

	private final ConcurrentMap<Key, Counter> counters = new ConcurrentHashMap<>();

	/// @param name of the meter
	/// @param tag what the other thing is called
	public OutcomeCounters(MeterRegistry meters, String name, String description, String tag) {
		this.meters = meters;
		this.name = name;
		this.description = description;
		this.tag = tag;
	}

	/// Counts a request that is over.
	/// @param value of the tag; one of a few
	public void count(HttpServletRequest request, String value) {
		Object outcome = request.getAttribute(Outcome.ATTRIBUTE);
		this.counters.computeIfAbsent(new Key((outcome != null) ? outcome.toString() : "ok", value), this::counter)
			.increment();
	}

	private Counter counter(Key key) {
		return Counter.builder(this.name)
			.description(this.description)
			.tag("outcome", key.outcome())
			.tag(this.tag, key.value())
			.register(this.meters);
	}

	private record Key(String outcome, String value) {
	}

}
