package dev.adagrad.session.http;

import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Tenant;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Excerpt;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.Outcome;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Session;
import dev.adagrad.session.SessionStore;
import dev.adagrad.spool.Room;
import dev.adagrad.tensor.Indices;
import dev.adagrad.wire.Safetensors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
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
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Sessions over HTTP. Translates headers and paths into the service's terms.
@RestController
@RequestMapping("/adagrad/sessions")
@ConditionalOnBooleanProperty(name = "adagrad.sessions.enabled", matchIfMissing = true)
class SessionController {

	private static final int MAX_LIMIT = 1000;

	/// About how many bytes a session takes while it is listed.
	private static final long BYTES_OF_LISTED = 2 * 1024;

	private static final Pattern LIMIT = Pattern.compile("[0-9]{1,4}");

	private final SessionService service;

	SessionController(SessionService service) {
		this.service = service;
	}

	@PostMapping(consumes = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE },
			produces = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<SessionDescription> create(@Valid @RequestBody CreateSessionRequest request, Caller caller,
			HttpServletRequest http) {
		return created(this.service.create(caller, request), http);
	}

	@PutMapping(path = "/{id}", consumes = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE },
			produces = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<SessionDescription> create(@PathVariable String id, @Valid @RequestBody CreateSessionRequest request,
			Caller caller, HttpServletRequest http) {
		if (!OptimizerId.isValid(id)) {
			throw Refusal.of(Code.INVALID_FIELD, "the optimizer id in the URL must match " + OptimizerId.GRAMMAR);
		}
		SessionStore.Creation creation = this.service.create(new OptimizerId(caller.tenant(), id), caller, request,
				preconditions(http));
		return creation.isNew() ? created(creation.session(), http) : described(creation.session());
	}

	@GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<SessionList> list(@RequestParam(required = false) @Nullable String limit,
			@RequestParam(required = false) @Nullable String after, Caller caller, Room room, HttpServletRequest http) {
		EntityTags ifNoneMatch = ifNoneMatch(http);
		int most = limit(limit);
		room.take(most * BYTES_OF_LISTED);
		ListAnswer answer = this.service.list(caller.tenant(), afterId(caller.tenant(), after), most);
		return ifNoneMatch.name(answer.opaqueTag()) ? notModified(answer.entityTag())
				: ResponseEntity.ok().eTag(answer.entityTag()).body(answer.body());
	}

	@GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<SessionDescription> describe(@PathVariable OptimizerId id, HttpServletRequest http) {
		EntityTags ifNoneMatch = ifNoneMatch(http);
		Session session = this.service.describe(id);
		return ifNoneMatch.name(session.version()) ? notModified(EntityTags.of(session.version())) : described(session);
	}

	@PostMapping(path = "/{id}/step", consumes = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE },
			produces = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE })
	SessionStepResponse step(@PathVariable OptimizerId id, @Valid @RequestBody SessionStepRequest request,
			HttpServletRequest http, HttpServletResponse response) {
		Optional<IdempotencyKey> key = IdempotencyKey.parse(lines(http, IdempotencyKey.HEADER));
		boolean minimal = Preferences.wantMinimal(lines(http, "Prefer"));
		StepAnswer answer = this.service.step(id, key,
				new StepCall(request, key.isPresent(), preconditions(http), minimal, this.service.maxElements()));
		// set here, since the headers of a ResponseEntity would be copied first
		response.setHeader(HttpHeaders.ETAG, EntityTags.of(answer.version()));
		if (minimal) {
			response.setHeader("Preference-Applied", "return=minimal");
		}
		if (answer.replayed()) {
			response.setHeader("Idempotency-Replayed", "true");
			Outcome.tell(http, Outcome.REPLAYED);
		}
		return answer.body();
	}

	@GetMapping(path = "/{id}/state", produces = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE })
	ResponseEntity<StateResponse> state(@PathVariable OptimizerId id, StateParameters parameters, Room room,
			HttpServletRequest http) {
		EntityTags ifNoneMatch = ifNoneMatch(http);
		return state(switch (parameters.reading()) {
			case StateParameters.Reading.Whole whole -> this.service.state(id, parameters.name(), ifNoneMatch, room);
			case StateParameters.Reading.Elements(Indices indices) ->
				this.service.elements(id, parameters.name(), indices, ifNoneMatch, room);
			case StateParameters.Reading.Touched(long after, OptionalInt limit) ->
				this.service.touched(id, parameters.name(), after, limit, ifNoneMatch, room);
		});
	}

	@PostMapping(path = "/{id}/state/lookup", consumes = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE },
			produces = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE })
	ResponseEntity<StateResponse> lookup(@PathVariable OptimizerId id, @Valid @RequestBody LookupRequest request,
			Room room) {
		return state(this.service.lookup(id, request, room));
	}

	private static ResponseEntity<StateResponse> state(SessionService.StateAnswer answer) {
		return answer.body()
			.map((body) -> ResponseEntity.ok().eTag(EntityTags.of(answer.version())).body(body))
			.orElseGet(() -> notModified(EntityTags.of(answer.version())));
	}

	@PutMapping(path = "/{id}/state", consumes = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE })
	ResponseEntity<Void> restore(@PathVariable OptimizerId id, HttpServletRequest http,
			@RequestParam(required = false) @Nullable String touched, @Valid @RequestBody RestoreRequest request) {
		Session restored = this.service.restore(id, request, StateParameters.isTrue(touched), preconditions(http));
		return ResponseEntity.noContent().eTag(EntityTags.of(restored.version())).build();
	}

	@DeleteMapping("/{id}")
	ResponseEntity<Void> delete(@PathVariable OptimizerId id, Caller caller, HttpServletRequest http) {
		this.service.delete(id, caller, preconditions(http));
		return ResponseEntity.noContent().build();
	}

	private static ResponseEntity<SessionDescription> created(Session session, HttpServletRequest http) {
		return ResponseEntity.created(URI.create(http.getContextPath() + "/adagrad/sessions/" + session.id()))
			.eTag(EntityTags.of(session.version()))
			.body(SessionDescription.of(session));
	}

	private static ResponseEntity<SessionDescription> described(Session session) {
		return ResponseEntity.ok().eTag(EntityTags.of(session.version())).body(SessionDescription.of(session));
	}

	private static <T> ResponseEntity<T> notModified(String entityTag) {
		return ResponseEntity.status(HttpStatus.NOT_MODIFIED).eTag(entityTag).build();
	}

	/// @throws Refusal if a header breaks its grammar
	private static Preconditions preconditions(HttpServletRequest http) {
		return new Preconditions(EntityTags.parse(HttpHeaders.IF_MATCH, lines(http, HttpHeaders.IF_MATCH)),
				ifNoneMatch(http));
	}

	/// @throws Refusal if the header breaks its grammar
	private static EntityTags ifNoneMatch(HttpServletRequest http) {
		return EntityTags.parse(HttpHeaders.IF_NONE_MATCH, lines(http, HttpHeaders.IF_NONE_MATCH));
	}

	private static List<String> lines(HttpServletRequest http, String name) {
		return Collections.list(http.getHeaders(name));
	}

	private static int limit(@Nullable String limit) {
		if (limit == null || limit.isEmpty()) {
			return 100;
		}
		int value = LIMIT.matcher(limit).matches() ? Integer.parseInt(limit) : 0;
		if (value < 1 || value > MAX_LIMIT) {
			throw Refusal.of(Code.INVALID_FIELD, "the query parameter limit must be 1 to " + MAX_LIMIT + ", was "
					+ Excerpt.cut(limit, Excerpt.VALUE));
		}
		return value;
	}

	private static Optional<OptimizerId> afterId(Tenant tenant, @Nullable String after) {
		if (after == null || after.isEmpty()) {
			return Optional.empty();
		}
		if (!OptimizerId.isValid(after)) {
			throw Refusal.of(Code.INVALID_FIELD,
					"the query parameter after must be an optimizer id, as next was answered");
		}
		return Optional.of(new OptimizerId(tenant, after));
	}

}
