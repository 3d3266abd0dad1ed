package dev.adagrad.session.http;

import java.util.List;
import java.util.Objects;

import dev.adagrad.caller.Caller;
import dev.adagrad.refusal.Code;
import dev.adagrad.request.Outcome;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.spool.CountedRoom;
import dev.adagrad.spool.Room;
import dev.adagrad.spool.UncountedRoom;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.wire.Limits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static dev.adagrad.session.http.MemoryStore.elementsOf;
import static dev.adagrad.session.http.SessionServiceTest.ID;
import static dev.adagrad.session.http.SessionServiceTest.ofSize;
import static org.assertj.core.api.Assertions.assertThat;

/// Headers, parameters and statuses, without a server.
class SessionControllerTest {

	private static final Room ROOM = new UncountedRoom(() -> {
		throw new AssertionError("nothing is spooled");
	});

	private final SessionController controller = new SessionController(
			new SessionService(new MemoryStore(), new Limits(1000, 10, Limits.LARGEST_SESSION)));

	private final MockHttpServletRequest http = new MockHttpServletRequest();

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	private static StateParameters at(@Nullable String indices) {
		return new StateParameters(null, indices, null, null, null);
	}

	private String created() {
		HttpHeaders headers = this.controller.create("s", ofSize(2), Caller.ANYBODY, this.http).getHeaders();
		return String.valueOf(headers.getETag());
	}

	private SessionStepResponse step() {
		SessionStepRequest request = new SessionStepRequest(DoubleTensor.vector(1, 1), DoubleTensor.vector(1, 1), null,
				null, null, null);
		return this.controller.step(ID, request, this.http, this.response);
	}

	@Test
	void aSessionIsCreatedAtItsPlace() {
		this.http.setContextPath("/prefix");
		ResponseEntity<SessionDescription> created = this.controller.create("s", ofSize(2), Caller.ANYBODY, this.http);
		assertThat(created.getStatusCode()).isEqualTo(HttpStatus.CREATED);
		assertThat(created.getHeaders().getLocation()).hasToString("/prefix/adagrad/sessions/s");
		assertThat(created.getHeaders().getETag()).startsWith("\"0-");
		assertThat(created.getBody()).isNotNull().extracting(SessionDescription::id).isEqualTo("s");
		ResponseEntity<SessionDescription> again = this.controller.create("s", ofSize(2), Caller.ANYBODY, this.http);
		assertThat(again.getStatusCode()).isEqualTo(HttpStatus.OK);
		assertThat(again.getHeaders().getLocation()).isNull();
		assertThat(again.getHeaders().getETag()).isEqualTo(created.getHeaders().getETag());
		assertThat(again.getBody()).isEqualTo(created.getBody());
		ResponseEntity<SessionDescription> ours = this.controller.create(ofSize(2), Caller.ANYBODY, this.http);
		assertThat(ours.getStatusCode()).isEqualTo(HttpStatus.CREATED);
		assertThat(ours.getBody()).isNotNull();
		assertThat(ours.getHeaders().getLocation()).hasToString("/prefix/adagrad/sessions/" + ours.getBody().id());
	}

	@Test
	void anIdThatBreaksTheRuleIsRefused() {
		assertThatRefusal(Code.INVALID_FIELD, () -> this.controller.create(".s", ofSize(2), Caller.ANYBODY, this.http))
			.withMessageContaining(OptimizerId.GRAMMAR);
	}

	@Test
	void preconditionsAreReadFromTheHeaders() {
		created();
		this.http.addHeader("If-Match", "\"1\"");
		assertThatRefusal(Code.STEP_MISMATCH, this::step).withMessageContaining("which If-Match rules out");
		assertThatRefusal(Code.STEP_MISMATCH, () -> this.controller.delete(ID, Caller.ANYBODY, this.http));
		this.http.removeHeader("If-Match");
		this.http.addHeader("If-None-Match", "*");
		assertThatRefusal(Code.STEP_MISMATCH, this::step).withMessageContaining("which If-None-Match rules out");
		this.http.addHeader("If-Match", "1");
		assertThatRefusal(Code.MALFORMED_HEADER, this::step);
	}

	@Test
	void whatTheClientHasIsNotAnsweredAgain() {
		String tag = created();
		ResponseEntity<SessionDescription> described = this.controller.describe(ID, this.http);
		assertThat(described.getStatusCode()).isEqualTo(HttpStatus.OK);
		assertThat(described.getBody()).isNotNull();
		this.http.addHeader("If-None-Match", tag);
		for (ResponseEntity<?> answer : List.of(this.controller.describe(ID, this.http),
				this.controller.state(ID, at(null), ROOM, this.http),
				this.controller.state(ID, at("0,1"), ROOM, this.http))) {
			assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.NOT_MODIFIED);
			assertThat(answer.getHeaders().getETag()).isEqualTo(tag);
			assertThat(answer.getBody()).isNull();
		}
	}

	@Test
	void theStateIsAnsweredWholeOrInPart() {
		String tag = created();
		step();
		ResponseEntity<StateResponse> whole = this.controller.state(ID, at(null), ROOM, this.http);
		assertThat(whole.getStatusCode()).isEqualTo(HttpStatus.OK);
		assertThat(whole.getHeaders().getETag()).isEqualTo(tag.replace("\"0-", "\"1-"));
		assertThat(whole.getBody()).isNotNull();
		assertThat(whole.getBody().indices()).isNull();
		assertThat(whole.getBody().G().size()).isEqualTo(2);
		for (ResponseEntity<StateResponse> part : List.of(this.controller.state(ID, at("1"), ROOM, this.http),
				this.controller.lookup(ID, new LookupRequest(Indices.of(1), null), ROOM))) {
			assertThat(part.getStatusCode()).isEqualTo(HttpStatus.OK);
			assertThat(part.getBody()).isNotNull();
			assertThat(elementsOf(part.getBody().G().iterator().next())).containsExactly(1);
		}
	}

	@Test
	void aStepTellsItsVersion() {
		String tag = created();
		assertThat(step().step()).isEqualTo(1);
		assertThat(this.response.getHeader("ETag")).isEqualTo(tag.replace("\"0-", "\"1-"));
		assertThat(this.response.getHeaderNames()).containsExactly("ETag");
	}

	@Test
	void aRepeatedStepIsToldAsOne() {
		created();
		this.http.addHeader("Idempotency-Key", "k");
		step();
		assertThat(this.response.getHeader("Idempotency-Replayed")).isNull();
		assertThat(Outcome.of(this.http)).isEqualTo("ok");
		assertThat(step().step()).isEqualTo(1);
		assertThat(this.response.getHeader("Idempotency-Replayed")).isEqualTo("true");
		assertThat(Outcome.of(this.http)).isEqualTo("replayed");
	}

	@Test
	void whoPrefersLittleGetsLittle() {
		created();
		assertThat(step().parameter()).isNotNull();
		this.http.addHeader("Prefer", "return=minimal");
		assertThat(step().parameter()).isNull();
		assertThat(this.response.getHeader("Preference-Applied")).isEqualTo("return=minimal");
	}

	@Test
	void aRestoreAndADeletionAnswerNothing() {
		created();
		ResponseEntity<Void> restored = this.controller.restore(ID, this.http, null,
				new RestoreRequest(5L, null, Blocks.of(DoubleTensor.vector(1, 2)), null, null, null));
		assertThat(restored.getStatusCode()).isEqualTo(HttpStatus.NO_CONTENT);
		assertThat(restored.getHeaders().getETag()).startsWith("\"5-");
		assertThat(this.controller.delete(ID, Caller.ANYBODY, this.http).getStatusCode())
			.isEqualTo(HttpStatus.NO_CONTENT);
		assertThatRefusal(Code.SESSION_NOT_FOUND, () -> this.controller.describe(ID, this.http));
	}

	@Test
	void aListIsBounded() {
		for (String id : List.of("a", "b", "c")) {
			this.controller.create(id, ofSize(1), Caller.ANYBODY, this.http);
		}
		assertThat(ids(null, null)).containsExactly("a", "b", "c");
		assertThat(ids("", "")).containsExactly("a", "b", "c");
		assertThat(ids("1", "a")).containsExactly("b");
		assertThat(ids("1000", null)).containsExactly("a", "b", "c");
		assertThatRefusal(Code.INVALID_FIELD, () -> ids("1", "."))
			.withMessageContaining("the query parameter after must be an optimizer id");
	}

	private List<String> ids(@Nullable String limit, @Nullable String after) {
		SessionList list = Objects.requireNonNull(
				this.controller.list(limit, after, Caller.ANYBODY, ROOM, new MockHttpServletRequest()).getBody());
		return list.sessions().stream().map(SessionDescription::id).toList();
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "1001", "9999", "10000", "-1", "+1", "1.0", "x", " 1", "1234567890123456789012345" })
	void otherLimitsAreRefused(String limit) {
		assertThatRefusal(Code.INVALID_FIELD, () -> ids(limit, null))
			.withMessage("the query parameter limit must be 1 to 1000, was " + limit);
	}

	/// 2 KiB for each session that may be listed.
	@ParameterizedTest
	@CsvSource({ "1, 2048", "1000, 2048000", "'', 204800" })
	void aListTakesMemory(String limit, long bytes) {
		CountedRoom room = new CountedRoom(ROOM);
		this.controller.list(limit, null, Caller.ANYBODY, room, new MockHttpServletRequest());
		assertThat(room.calls()).containsExactly(bytes);
	}

}
