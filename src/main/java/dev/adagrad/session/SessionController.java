package dev.adagrad.session;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.adagrad.request.InvalidRequestException;
import dev.adagrad.request.MalformedHeaderException;
import dev.adagrad.request.Outcome;
import dev.adagrad.wire.Safetensors;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Sessions over HTTP: what headers and paths say, in the service's terms.
@RestController
@RequestMapping("/adagrad/sessions")
@ConditionalOnBooleanProperty(name = "adagrad.sessions.enabled", matchIfMissing = true)
@Tag(name = "sessions")
class SessionController {

	private static final int MAX_LIMIT = 1000;

	private static final int MAX_SHOWN = 20;

	private static final Pattern LIMIT = Pattern.compile("[0-9]{1,4}");

	private static final String PREFER = "Prefer";

	private static final String REPLAYED = "Idempotency-Replayed";

	private final SessionService service;

	SessionController(SessionService service) {
		this.service = service;
	}

	@PostMapping(consumes = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE },
			produces = MediaType.APPLICATION_JSON_VALUE)
	@Operation(operationId = "createSession", summary = "Create a session under an id that the server makes")
	ResponseEntity<SessionDescription> create(@Valid @RequestBody CreateSessionRequest request,
			HttpServletRequest http) {
		return created(this.service.create(request), http);
	}

	@PutMapping(path = "/{id}", consumes = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE },
			produces = MediaType.APPLICATION_JSON_VALUE)
	@Operation(operationId = "putSession", summary = "Create a session under your own id")
	ResponseEntity<SessionDescription> create(@PathVariable String id,
			@Parameter(hidden = true) @RequestHeader HttpHeaders headers,
			@Valid @RequestBody CreateSessionRequest request, HttpServletRequest http) {
		if (!OptimizerId.isValid(id)) {
			throw new InvalidRequestException("the optimizer id in the URL must match " + OptimizerId.GRAMMAR);
		}
		return switch (this.service.create(new OptimizerId(id), request, preconditions(headers))) {
			case SessionStore.Creation.Created(Session session) -> created(session, http);
			case SessionStore.Creation.Existing(Session session) -> described(session);
		};
	}

	@GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
	@Operation(operationId = "listSessions", summary = "List the sessions")
	SessionList list(@RequestParam(required = false) @Nullable String limit,
			@RequestParam(required = false) @Nullable String after) {
		return this.service.list(afterId(after), limit(limit));
	}

	@GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
	@Operation(operationId = "getSession", summary = "Describe a session")
	ResponseEntity<SessionDescription> describe(@PathVariable String id,
			@Parameter(hidden = true) @RequestHeader HttpHeaders headers) {
		EntityTags ifNoneMatch = ifNoneMatch(headers);
		Session session = this.service.describe(existing(id));
		return ifNoneMatch.name(session.version()) ? notModified(session.version()) : described(session);
	}

	@PostMapping(path = "/{id}/step", consumes = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE },
			produces = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE })
	@Operation(operationId = "stepSession", summary = "Take one step of a session")
	ResponseEntity<SessionStepResponse> step(@PathVariable String id,
			@Parameter(hidden = true) @RequestHeader HttpHeaders headers,
			@Valid @RequestBody SessionStepRequest request, HttpServletRequest http) {
		Optional<IdempotencyKey> key = IdempotencyKey.parse(lines(headers, IdempotencyKey.HEADER));
		boolean minimal = Preferences.wantMinimal(lines(headers, PREFER));
		StepAnswer answer = this.service.step(existing(id), key,
				new StepCall(request, key.isPresent(), preconditions(headers), minimal));
		ResponseEntity.BodyBuilder response = ResponseEntity.ok().headers(entityTag(answer.version()));
		if (minimal) {
			response.header("Preference-Applied", "return=minimal");
		}
		if (answer.replayed()) {
			response.header(REPLAYED, "true");
			http.setAttribute(Outcome.ATTRIBUTE, "replayed");
		}
		return response.body(answer.body());
	}

	@GetMapping(path = "/{id}/state", produces = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE })
	@Operation(operationId = "getState", summary = "Read the state of a session")
	ResponseEntity<StateResponse> state(@PathVariable String id,
			@RequestParam(required = false) @Nullable String indices,
			@Parameter(hidden = true) @RequestHeader HttpHeaders headers) {
		EntityTags ifNoneMatch = ifNoneMatch(headers);
		return state(
				(indices != null) ? this.service.elements(existing(id), IndicesParameter.parse(indices), ifNoneMatch)
						: this.service.state(existing(id), ifNoneMatch));
	}

	@PostMapping(path = "/{id}/state/lookup", consumes = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE },
			produces = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE })
	@Operation(operationId = "lookupState", summary = "Read some elements of the state of a session")
	ResponseEntity<StateResponse> lookup(@PathVariable String id, @Valid @RequestBody LookupRequest request) {
		return state(this.service.elements(existing(id), request.indices(),
				EntityTags.parse(HttpHeaders.IF_NONE_MATCH, List.of())));
	}

	private static ResponseEntity<StateResponse> state(StateAnswer answer) {
		return answer.body()
			.map((body) -> ResponseEntity.ok().headers(entityTag(answer.version())).body(body))
			.orElseGet(() -> notModified(answer.version()));
	}

	@PutMapping(path = "/{id}/state", consumes = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE })
	@Operation(operationId = "putState", summary = "Bring a session to a state")
	ResponseEntity<Void> restore(@PathVariable String id, @Parameter(hidden = true) @RequestHeader HttpHeaders headers,
			@Valid @RequestBody RestoreRequest request) {
		Session restored = this.service.restore(existing(id), request, preconditions(headers));
		return ResponseEntity.noContent().headers(entityTag(restored.version())).build();
	}

	@DeleteMapping("/{id}")
	@Operation(operationId = "deleteSession", summary = "Delete a session")
	ResponseEntity<Void> delete(@PathVariable String id, @Parameter(hidden = true) @RequestHeader HttpHeaders headers) {
		this.service.delete(existing(id), preconditions(headers));
		return ResponseEntity.noContent().build();
	}

	private static ResponseEntity<SessionDescription> created(Session session, HttpServletRequest http) {
		return ResponseEntity.created(URI.create(http.getContextPath() + "/adagrad/sessions/" + session.id()))
			.headers(entityTag(session.version()))
			.body(SessionDescription.of(session));
	}

	private static ResponseEntity<SessionDescription> described(Session session) {
		return ResponseEntity.ok().headers(entityTag(session.version())).body(SessionDescription.of(session));
	}

	private static <T> ResponseEntity<T> notModified(Version version) {
		return ResponseEntity.status(HttpStatus.NOT_MODIFIED).headers(entityTag(version)).build();
	}

	private static HttpHeaders entityTag(Version version) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.ETAG, EntityTags.of(version));
		return headers;
	}

	private static OptimizerId existing(String id) {
		if (!OptimizerId.isValid(id)) {
			throw SessionNotFoundException.invalidId();
		}
		return new OptimizerId(id);
	}

	/// @throws MalformedHeaderException if a header breaks its grammar
	private static Preconditions preconditions(HttpHeaders headers) {
		return new Preconditions(EntityTags.parse(HttpHeaders.IF_MATCH, lines(headers, HttpHeaders.IF_MATCH)),
				ifNoneMatch(headers));
	}

	/// @throws MalformedHeaderException if the header breaks its grammar
	private static EntityTags ifNoneMatch(HttpHeaders headers) {
		return EntityTags.parse(HttpHeaders.IF_NONE_MATCH, lines(headers, HttpHeaders.IF_NONE_MATCH));
	}

	private static List<String> lines(HttpHeaders headers, String name) {
		return headers.getOrDefault(name, List.of());
	}

	private static int limit(@Nullable String limit) {
		if (limit == null || limit.isEmpty()) {
			return 100;
		}
		int value = LIMIT.matcher(limit).matches() ? Integer.parseInt(limit) : 0;
		if (value < 1 || value > MAX_LIMIT) {
			throw new InvalidRequestException("the query parameter limit must be 1 to " + MAX_LIMIT + ", was "
					+ limit.substring(0, Math.min(limit.length(), MAX_SHOWN)));
		}
		return value;
	}

	private static Optional<OptimizerId> afterId(@Nullable String after) {
		if (after == null || after.isEmpty()) {
			return Optional.empty();
		}
		if (!OptimizerId.isValid(after)) {
			throw new InvalidRequestException(
					"the query parameter after must be an optimizer id, as next was answered");
		}
		return Optional.of(new OptimizerId(after));
	}

}
