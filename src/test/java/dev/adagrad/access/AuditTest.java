package dev.adagrad.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Scope;
import dev.adagrad.caller.Tenant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/// The lines of the logger `adagrad.audit`.
class AuditTest {

	private static final Caller CI = new Caller("ci", new Tenant("team-a"), Set.of(Scope.STEP));

	private final Logger logger = (Logger) LoggerFactory.getLogger("adagrad.audit");

	private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

	private final AtomicLong nanos = new AtomicLong(Duration.ofSeconds(77).toNanos());

	private final Audit audit = new Audit(this.nanos::get);

	@BeforeEach
	void listen() {
		this.lines.start();
		this.logger.addAppender(this.lines);
	}

	@AfterEach
	void listenNoMore() {
		this.logger.detachAppender(this.lines);
	}

	private static MockHttpServletRequest request(String path) {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
		request.setRemoteAddr("10.0.0.9");
		request.addHeader("Authorization", "Bearer adagrad_secret");
		request.setQueryString("key=adagrad_secret");
		return request;
	}

	private String line(int index) {
		return this.lines.list.get(index).getFormattedMessage();
	}

	private Map<String, Object> fields(int index) {
		Map<String, Object> fields = new LinkedHashMap<>();
		this.lines.list.get(index).getKeyValuePairs().forEach((pair) -> fields.put(pair.key, pair.value));
		return fields;
	}

	@Test
	void aChange() {
		this.audit.changed(request("/adagrad/sessions/run-1"), CI, "create", "run-1", "ok");
		this.audit.changed(request("/adagrad/sessions/run-2"), Caller.ANYBODY, "delete", "run-2", "session-not-found");
		assertThat(this.lines.list).allMatch((event) -> event.getLevel() == Level.INFO);
		assertThat(line(0)).isEqualTo("action=create session=run-1 tenant=team-a by=ci from=10.0.0.9 outcome=ok");
		assertThat(fields(0)).containsExactly(entry("action", "create"), entry("session", "run-1"),
				entry("tenant", "team-a"), entry("by", "ci"), entry("from", "10.0.0.9"), entry("outcome", "ok"));
		assertThat(line(1))
			.isEqualTo("action=delete session=run-2 tenant=default by=anybody from=10.0.0.9 outcome=session-not-found");
	}

	@Test
	void aRefusal() {
		this.audit.refused(request("/adagrad/sessions"), "", "unauthorized");
		this.audit.refused(request("/a?b\"\n\\\u00e4~ "), "ci", "forbidden");
		assertThat(line(0)).isEqualTo(
				"action=refused method=GET path=/adagrad/sessions by=unknown from=10.0.0.9 outcome=unauthorized");
		assertThat(fields(0)).containsExactly(entry("action", "refused"), entry("method", "GET"),
				entry("path", "/adagrad/sessions"), entry("by", "unknown"), entry("from", "10.0.0.9"),
				entry("outcome", "unauthorized"));
		assertThat(line(1)).isEqualTo("action=refused method=GET path=\"/a?b\\u0022\\u000a\\u005c\\u00e4~ \" by=ci "
				+ "from=10.0.0.9 outcome=forbidden");
		assertThat(this.lines.list.toString()).doesNotContain("secret");
	}

	/// So that a line without a value is not read as one with the next name.
	@Test
	void nothingIsInQuotes() {
		this.audit.changed(request("/"), CI, "create", "", "ok");
		assertThat(line(0)).startsWith("action=create session=\"\" tenant=");
	}

	@Test
	void aHundredRefusalsASecondHaveALine() {
		for (int i = 0; i < 130; i++) {
			this.audit.refused(request("/" + i), "", "unauthorized");
		}
		assertThat(this.lines.list).hasSize(100);
		assertThat(line(99)).contains(" path=/99 ").doesNotContain("left_out");
		this.nanos.addAndGet(Duration.ofMillis(999).toNanos());
		this.audit.refused(request("/late"), "", "unauthorized");
		assertThat(this.lines.list).hasSize(100);
		this.audit.changed(request("/"), CI, "create", "run-1", "ok");
		assertThat(this.lines.list).as("of changes all").hasSize(101);
		this.nanos.addAndGet(Duration.ofMillis(1).toNanos());
		this.audit.refused(request("/next"), "", "unauthorized");
		this.audit.refused(request("/after"), "", "unauthorized");
		assertThat(line(101)).contains(" path=/next ").endsWith(" left_out=31");
		assertThat(fields(101)).containsEntry("left_out", "31");
		assertThat(line(102)).contains(" path=/after ").doesNotContain("left_out");
		for (int i = 0; i < 100; i++) {
			this.audit.refused(request("/more"), "", "unauthorized");
		}
		assertThat(this.lines.list).hasSize(201);
	}

}
