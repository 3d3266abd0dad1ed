package dev.adagrad.session.http;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.Rules;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Initial;
import dev.adagrad.session.NewSession;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Session;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.SessionStore;
import dev.adagrad.session.State;
import dev.adagrad.session.StoredState;
import dev.adagrad.session.Version;
import dev.adagrad.spool.Room;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Limits;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the calls on sessions mean, for requests that have been validated. Safe for use by any number of threads.
class SessionService {

	private static final Logger logger = LoggerFactory.getLogger(SessionService.class);

	private static final int LIFE_BYTES = 8;

	/// One block of G and one of the parameter.
	private static final long MOST_BYTES_OF_STATE = 2L * Blocks.MOST_BYTES;

	private final SessionStore store;

	private final int maxElements;

	private final long maxSessionElements;

	private final SecureRandom random = new SecureRandom();

	private final StateCopies copies = new StateCopies();

	SessionService(SessionStore store, Limits limits) {
		this.store = store;
		this.maxElements = limits.maxElements();
		this.maxSessionElements = limits.maxSessionElements();
	}

	/// The most elements of an array of one call.
	int maxElements() {
		return this.maxElements;
	}

	/// Creates a session under the client's id.
	/// @throws Refusal if a value cannot be one of the session, a precondition does not
	/// hold, or the session exists and was created with something else
	SessionStore.Creation create(OptimizerId id, CreateSessionRequest request, Preconditions preconditions) {
		NewSession wanted = newSession(id, request);
		if (preconditions.ifMatch().isPresent()) {
			// there is nothing yet that it could match: so this must not create
			Session session = this.store.find(id).orElseThrow(() -> CallRefusals.nothingToMatch(id, "If-Match"));
			preconditions.check(session);
			requireSame(session, wanted);
			return new SessionStore.Creation.Existing(session);
		}
		SessionStore.Creation creation = this.store.create(wanted);
		switch (creation) {
			case SessionStore.Creation.Created(Session session) -> logCreated(session);
			case SessionStore.Creation.Existing(Session session) -> {
				preconditions.check(session);
				requireSame(session, wanted);
			}
		}
		return creation;
	}

	/// Creates a session under an id of ours.
	/// @throws Refusal if a value cannot be one of the session
	Session create(CreateSessionRequest request) {
		while (true) {
			NewSession wanted = newSession(new OptimizerId(UUID.randomUUID().toString()), request);
			if (this.store.create(wanted) instanceof SessionStore.Creation.Created(Session session)) {
				logCreated(session);
				return session;
			}
		}
	}

	private static void logCreated(Session session) {
		Configuration configuration = session.configuration();
		logger.info("session {} created: {} elements of {}, parameter {}", session.id(), configuration.size(),
				configuration.dtype(), configuration.holdsParameter() ? "held" : "not held");
	}

	/// @throws Refusal if there is none
	Session describe(OptimizerId id) {
		return this.store.find(id).orElseThrow(() -> SessionRefusals.notFound(id));
	}

	/// A page of sessions, and whether more follow.
	SessionList list(Optional<OptimizerId> after, int limit) {
		List<Session> found = this.store.list(after, limit + 1);
		List<Session> page = found.subList(0, Math.min(limit, found.size()));
		return new SessionList(page.stream().map(SessionDescription::of).toList(),
				(found.size() > limit) ? page.getLast().id().value() : null);
	}

	/// Takes a step, or answers one that was taken under the same key. Throws what
	/// [StepCall#plan] does.
	/// @throws Refusal if there is no such session
	StepAnswer step(OptimizerId id, Optional<IdempotencyKey> key, StepCall call) {
		return this.store.step(id, key.map(IdempotencyKey::digest), this.store.prepare(id, call));
	}

	/// Reads the state, unless the client has it.
	/// @param room for a copy of it
	/// @return the state; empty if `ifNoneMatch` names its version
	/// @throws Refusal if there is no such session
	StateAnswer state(OptimizerId id, EntityTags ifNoneMatch, Room room) {
		Optional<StateAnswer> answer = Optional.empty();
		while (answer.isEmpty()) {
			// refused before it waits for the store, where it may be large
			room.take(MOST_BYTES_OF_STATE);
			// outside of the transaction, who has not made the copy may wait for it
			answer = this.store.<Supplier<Optional<StateAnswer>>>read(id, (session, stored) -> {
				room.giveBack(MOST_BYTES_OF_STATE);
				return state(session, stored, ifNoneMatch, room);
			}).get();
		}
		return answer.get();
	}

	private Supplier<Optional<StateAnswer>> state(Session session, StoredState stored, EntityTags ifNoneMatch,
			Room room) {
		Version version = session.version();
		if (ifNoneMatch.name(version)) {
			return () -> Optional.of(new StateAnswer(version, Optional.empty()));
		}
		Tensors.requireWhole(session.configuration(), this.maxElements, "", "is too large to be answered whole",
				"ask for some of them: ?indices=… or POST …/state/lookup");
		StateCopies.Copy copy = this.copies.take(session, stored, room);
		return () -> copy.await()
			.map((content) -> new StateAnswer(version, Optional
				.of(new StateResponse(version.step(), null, content.G(), content.parameter().orElse(null)))));
	}

	/// Reads some elements of the state, unless the client has it.
	/// @param indices in any order; each is answered once, ascending
	/// @throws Refusal if there is no such session, or an index is beyond its size
	StateAnswer elements(OptimizerId id, Indices indices, EntityTags ifNoneMatch) {
		long[] distinct = Arrays.stream(indices.values()).sorted().distinct().toArray();
		return this.store.read(id, (session, stored) -> {
			Tensors.requireInRange(session.configuration(), indices);
			if (ifNoneMatch.name(session.version())) {
				return new StateAnswer(session.version(), Optional.empty());
			}
			State state = stored.elements(new Selection.Elements(distinct));
			return new StateAnswer(session.version(), Optional.of(new StateResponse(session.version().step(),
					Indices.of(distinct), Blocks.of(state.G()), state.parameter().map(Blocks::of).orElse(null))));
		});
	}

	/// Brings a session to a state.
	/// @throws Refusal if there is no such session, a precondition does not hold, or a
	/// tensor is not of its size and dtype
	Session restore(OptimizerId id, RestoreRequest request, Preconditions preconditions) {
		Configuration configuration = describe(id).configuration();
		Tensors.requireWhole(configuration, this.maxElements, "/G", "cannot be restored whole",
				"step some of them, or create the session anew");
		Tensors.requireSize(configuration, "G", request.G().size());
		Blocks<Tensor> G = Tensors.of(configuration.dtype(), "G", request.G(), true);
		Tensors.check(G);
		Optional<Blocks<Tensor>> parameter = restoredParameter(configuration, request.parameter());
		parameter.ifPresent(Tensors::check);
		Session restored = this.store.restore(id, (session) -> {
			if (!session.configuration().equals(configuration)) {
				// deleted and created anew meanwhile: the checks above were made for
				// another one
				throw SessionRefusals.busy(id);
			}
			preconditions.check(session);
		}, new Version(request.step(), newLife()), G, parameter);
		logger.info("session {} restored to step {}", id, request.step());
		return restored;
	}

	private static Optional<Blocks<Tensor>> restoredParameter(Configuration configuration,
			@Nullable Blocks<Numbers> parameter) {
		if (!configuration.holdsParameter()) {
			if (parameter != null) {
				throw Refusal.at(Code.INVALID_FIELD, "/parameter",
						"must not be sent: the server does not hold the parameter of this session");
			}
			return Optional.empty();
		}
		if (parameter == null) {
			throw Refusal.at(Code.INVALID_FIELD, "/parameter",
					Rules.REQUIRED + ": the server holds the parameter of this session");
		}
		Tensors.requireSize(configuration, "parameter", parameter.size());
		return Optional.of(Tensors.of(configuration.dtype(), "parameter", parameter, false));
	}

	/// Deletes a session.
	/// @throws Refusal if there is no such session, or a precondition does not hold
	void delete(OptimizerId id, Preconditions preconditions) {
		this.store.delete(id, preconditions.areNone() ? Optional.empty() : Optional.of(preconditions::check));
		logger.info("session {} deleted", id);
	}

	private NewSession newSession(OptimizerId id, CreateSessionRequest request) {
		DType dtype = request.dtypeOrDefault();
		Initial G = (request.G() != null) ? given(dtype, "G", request.G(), true)
				: constant(dtype, "/initial_accumulator_value", request.initialAccumulatorValueOrDefault());
		Optional<Initial> parameter = Optional.empty();
		if (request.parameter() != null) {
			parameter = Optional.of(given(dtype, "parameter", request.parameter(), false));
		}
		else if (request.initialParameterValue() != null) {
			parameter = Optional.of(constant(dtype, "/initial_parameter_value", request.initialParameterValue()));
		}
		Configuration configuration = new Configuration(size(request), dtype, parameter.isPresent(),
				request.hyperparameters(), request.stepOrDefault(),
				Optional.ofNullable(request.ttlSeconds()).map(Duration::ofSeconds));
		return new NewSession(id, configuration, newLife(), G, parameter, TensorDigest.of(configuration, G, parameter));
	}

	private long size(CreateSessionRequest request) {
		if (request.G() != null) {
			return request.G().size();
		}
		if (request.parameter() != null) {
			return request.parameter().size();
		}
		long size = Objects.requireNonNull(request.size(), "size");
		if (size > this.maxSessionElements) {
			throw Refusal.at(Code.INVALID_FIELD, "/size", "must be ≤ " + this.maxSessionElements + ", was " + size);
		}
		return size;
	}

	private static Initial given(DType dtype, String field, Blocks<Numbers> blocks, boolean nonNegative) {
		return new Initial.Given(Tensors.of(dtype, field, blocks, nonNegative));
	}

	private static Initial constant(DType dtype, String pointer, double value) {
		double rounded = dtype.round(value);
		if (Double.isInfinite(rounded)) {
			throw Refusal.at(Code.INVALID_FIELD, pointer, "must fit " + dtype + ", was " + value);
		}
		return new Initial.Constant(rounded);
	}

	private String newLife() {
		byte[] bytes = new byte[LIFE_BYTES];
		this.random.nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	private static void requireSame(Session session, NewSession wanted) {
		Configuration configuration = session.configuration();
		List<String> differences = new ArrayList<>();
		Map<String, Object> asked = properties(wanted.configuration());
		properties(configuration).forEach((name, value) -> {
			if (!value.equals(asked.get(name))) {
				differences.add(name + " was " + value + ", not " + asked.get(name));
			}
		});
		if (differences.isEmpty() && !session.initialTensors().equals(wanted.initialTensors())) {
			differences.add(configuration.holdsParameter() ? "G or the parameter started from other values"
					: "G started from other values");
		}
		if (!differences.isEmpty()) {
			throw CallRefusals.exists(session.id(), differences);
		}
	}

	/// All that makes two configurations equal, by its name on the wire.
	private static Map<String, Object> properties(Configuration configuration) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("size", configuration.size());
		properties.put("dtype", configuration.dtype());
		properties.put("holds_parameter", configuration.holdsParameter());
		properties.put("step", configuration.initialStep());
		properties.put("ttl_seconds", configuration.ttl().<Object>map(Duration::toSeconds).orElse("none"));
		HyperparameterProperties.of(configuration.hyperparameters()).forEach(properties::put);
		return properties;
	}

}
