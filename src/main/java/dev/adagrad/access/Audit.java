package dev.adagrad.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import dev.adagrad.caller.Caller;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import org.springframework.stereotype.Component;

/// Who has changed what, and whose access was refused: one line each, from a logger of its own, `adagrad.audit`. A line
/// consists of `name=value`; with `logging.structured.format.console` the same names are fields of the JSON. A value
/// with anything but letters, digits and `._:/@-` is in quotes.
///
/// Whoever is refused can cause as many lines as calls, so at most a hundred such lines are written a second. The first
/// one after that says how many were left out.
///
/// Safe for use by any number of threads.
@Component
class Audit {

	static final String LOGGER = "adagrad.audit";

	private static final Logger logger = LoggerFactory.getLogger(LOGGER);

	private static final int MOST_REFUSALS = 100;

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final LongSupplier nanoTime;

	private final AtomicLong second = new AtomicLong();

	private final AtomicLong refusals = new AtomicLong();

	private final AtomicLong leftOut = new AtomicLong();

	Audit() {
		this(System::nanoTime);
	}

	/// @param nanoTime a clock that does not jump
	Audit(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/// A call that changes what is kept is over.
	/// @param session the optimizer id
	/// @param outcome `done`, or the code of the refusal
	void changed(HttpServletRequest request, Caller caller, String action, String session, String outcome) {
		Map<String, String> fields = new LinkedHashMap<>();
		fields.put("action", action);
		fields.put("session", session);
		fields.put("tenant", caller.tenant().name());
		fields.put("by", caller.name().isEmpty() ? "anybody" : caller.name());
		fields.put("from", request.getRemoteAddr());
		fields.put("outcome", outcome);
		write(fields);
	}

	/// A call was refused because of who sent it.
	/// @param by the name of its key, or the subject of its token, if that is known
	/// @param code the code of the refusal
	void refused(HttpServletRequest request, String by, String code) {
		long now = this.nanoTime.getAsLong() / SECOND;
		long counted = this.second.get();
		if (now != counted && this.second.compareAndSet(counted, now)) {
			this.refusals.set(0);
		}
		if (this.refusals.incrementAndGet() > MOST_REFUSALS) {
			this.leftOut.incrementAndGet();
			return;
		}
		Map<String, String> fields = new LinkedHashMap<>();
		fields.put("action", "refused");
		fields.put("method", request.getMethod());
		fields.put("path", request.getRequestURI());
		fields.put("by", by.isEmpty() ? "unknown" : by);
		fields.put("from", request.getRemoteAddr());
		fields.put("outcome", code);
		long missing = this.leftOut.getAndSet(0);
		if (missing > 0) {
			fields.put("left_out", Long.toString(missing));
		}
		write(fields);
	}

	private static void write(Map<String, String> fields) {
		LoggingEventBuilder line = logger.atInfo();
		for (Map.Entry<String, String> field : fields.entrySet()) {
			line = line.addKeyValue(field.getKey(), field.getValue());
		}
		line.log(fields.entrySet()
			.stream()
			.map((field) -> field.getKey() + "=" + quoted(field.getValue()))
			.collect(Collectors.joining(" ")));
	}

	/// Whatever a client sends stays on one line, between its quotes.
	private static String quoted(String value) {
		boolean plain = !value.isEmpty() && value.chars()
			.allMatch((c) -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
					|| "._:/@-".indexOf(c) >= 0);
		if (plain) {
			return value;
		}
		StringBuilder quoted = new StringBuilder("\"");
		value.chars()
			.forEach((c) -> quoted
				.append((c == '"' || c == '\\' || c < ' ' || c > '~') ? "\\u%04x".formatted(c) : (char) c));
		return quoted.append('"').toString();
	}

}
