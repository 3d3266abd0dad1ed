package dev.adagrad.session.http;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Scope;
import dev.adagrad.caller.Tenant;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Layout;
import dev.adagrad.session.NewSession;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Restoration;
import dev.adagrad.session.Session;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.SessionStore;
import dev.adagrad.session.StoredState;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.session.Version;
import dev.adagrad.spool.Room;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Indices;
import dev.adagrad.wire.Limits;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the calls on sessions mean, for requests that have been validated. Safe for use by any number of threads.
class SessionService {

	private static final Logger logger = LoggerFactory.getLogger(SessionService.class);

	/// One block of G and one of the parameter.
	private static final long MOST_BYTES_OF_STATE = 2L * Blocks.MOST_BYTES;

	/// The number of entries of a page of touched entries when the client gives no limit.
	private static final int USUAL_PAGE = 1000;

	/// How many sessions a list reads from the store at once. It is small, since each
	/// session may have thousands of tensors.
	private static final int LISTED_AT_ONCE = 8;

	/// A page of a list ends when its sessions have more tensors than this.
	private static final int MOST_TENSORS_OF_LIST = 2 * Layout.MOST_TENSORS;

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

	/// The largest number of elements that an array of a call may have.
	int maxElements() {
		return this.maxElements;
	}

	/// Creates a session under the client's id.
	/// @throws Refusal if a session cannot have one of the values, a precondition does
	/// not hold, or the session exists and was created with other values
	SessionStore.Creation create(OptimizerId id, Caller caller, CreateSessionRequest request,
			Preconditions preconditions) {
		NewSession wanted = newSession(id, caller, request);
		// If-Match cannot match a session that does not exist, so this must not create it
		SessionStore.Creation creation = preconditions.ifMatch().isPresent()
				? new SessionStore.Creation(
						this.store.find(id).orElseThrow(() -> CallRefusals.nothingToMatch(id, "If-Match")), false)
				: this.store.create(wanted);
		if (creation.isNew()) {
			logCreated(creation.session());
		}
		else {
			preconditions.check(creation.session());
			requireSame(creation.session(), wanted);
		}
		return creation;
	}

	/// Creates a session under an id that the service makes.
	/// @throws Refusal if a session cannot have one of the values
	Session create(Caller caller, CreateSessionRequest request) {
		while (true) {
			OptimizerId id = new OptimizerId(caller.tenant(), UUID.randomUUID().toString());
			SessionStore.Creation creation = this.store.create(newSession(id, caller, request));
			if (creation.isNew()) {
				logCreated(creation.session());
				return creation.session();
			}
		}
	}

	private static void logCreated(Session session) {
		Configuration configuration = session.configuration();
		logger.info("session {} created: {} elements of {} in {} tensors, parameter {}", session.id(),
				configuration.size(), configuration.dtype(), configuration.layout().tensors().size(),
				configuration.holdsParameter() ? "held" : "not held");
	}

	/// @throws Refusal if there is no such session
	Session describe(OptimizerId id) {
		return this.store.find(id).orElseThrow(() -> SessionRefusals.notFound(id));
	}

	/// A page of sessions, and whether more follow. The page has fewer sessions than the
	/// limit if they have very many tensors.
	ListAnswer list(Tenant tenant, Optional<OptimizerId> after, int limit) {
		List<Session> page = new ArrayList<>();
		Optional<OptimizerId> last = after;
		int tensors = 0;
		while (true) {
			int missing = limit - page.size();
			List<Session> found = this.store.list(tenant, last, Math.min(missing + 1, LISTED_AT_ONCE));
			for (Session session : found) {
				if (page.size() == limit || tensors > MOST_TENSORS_OF_LIST) {
					return ListAnswer.of(page, page.getLast().id().toString());
				}
				page.add(session);
				tensors += session.configuration().layout().tensors().size() - 1;
				last = Optional.of(session.id());
			}
			if (found.size() < Math.min(missing + 1, LISTED_AT_ONCE)) {
				return ListAnswer.of(page, null);
			}
		}
	}

	/// Takes a step. If a step was taken under the same key, answers that one again.
	/// Throws what [StepCall#plan] throws.
	/// @throws Refusal if there is no such session
	StepAnswer step(OptimizerId id, Optional<IdempotencyKey> key, StepCall call) {
		return this.store.step(id, key.map(IdempotencyKey::digest), this.store.prepare(id, call));
	}

	/// Reads the state, unless the client has it already.
	/// @param tensor the name of the one tensor to read, if the client names one
	/// @param room for a copy of the state
	/// @return the state; empty if `ifNoneMatch` names its version
	/// @throws Refusal if there is no such session or tensor, or a tensor is too large
	StateAnswer state(OptimizerId id, Optional<String> tensor, EntityTags ifNoneMatch, Room room) {
		Optional<StateAnswer> answer = Optional.empty();
		while (answer.isEmpty()) {
			// room for the largest state, so that a call without room is refused before
			// it waits for the store
			room.take(MOST_BYTES_OF_STATE);
			// a call that does not make the copy may wait for it, so it waits outside the
			// transaction
			answer = this.store.<Supplier<Optional<StateAnswer>>>read(id, (session, stored) -> {
				room.giveBack(MOST_BYTES_OF_STATE);
				return state(session, stored, tensor, ifNoneMatch, room);
			}).get();
		}
		return answer.get();
	}

	private Supplier<Optional<StateAnswer>> state(Session session, StoredState stored, Optional<String> tensor,
			EntityTags ifNoneMatch, Room room) {
		Version version = session.version();
		Layout layout = session.configuration().layout();
		List<Integer> tensors = tensor.map((name) -> List.of(place(layout, name)))
			.orElseGet(() -> IntStream.range(0, layout.tensors().size()).boxed().toList());
		if (ifNoneMatch.name(version)) {
			return () -> Optional.of(new StateAnswer(version, Optional.empty()));
		}
		for (int place : tensors) {
			TensorSpec spec = layout.tensors().get(place);
			Tensors.requireWhole(spec, this.maxElements, Tensors.place(spec.name()),
					"is too large to be answered whole",
					"ask for some of them: ?indices=… or POST …/state/lookup, or page through ?touched=true");
		}
		StateCopies.Copy copy = this.copies.take(session, stored, tensors, room);
		return () -> copy.await()
			.map((content) -> new StateAnswer(version,
					Optional.of(StateResponse.of(layout.isNamed(), version.step(), content, null))));
	}

	/// @throws Refusal if the session has no tensor of this name
	private static int place(Layout layout, String name) {
		return (layout.isNamed() ? layout.find(name) : Optional.<Integer>empty()).orElseThrow(
				() -> Refusal.of(Code.INVALID_FIELD, "the query parameter tensor must be the name of one of the"
						+ " session's tensors" + (layout.isNamed() ? "" : ", and this one has no name")));
	}

	/// Reads some entries of one tensor, unless the client has them already.
	/// @param tensor its name, if it has one
	/// @param indices in any order; the answer has each one once, ascending
	/// @param room for the entries
	/// @throws Refusal if there is no such session or tensor, or an index is out of range
	StateAnswer elements(OptimizerId id, Optional<String> tensor, Indices indices, EntityTags ifNoneMatch, Room room) {
		return read(id, ifNoneMatch, (session, stored) -> {
			Layout layout = session.configuration().layout();
			int place = theOne(layout, tensor, "indices");
			return response(session, stored,
					List.of(new Entries.Entry(place,
							Optional.of(Entries.distinct(layout.tensors().get(place), "/indices", indices)))),
					null, room);
		});
	}

	/// Reads some entries of some tensors.
	/// @param room for the entries
	/// @throws Refusal as [#elements], and if a tensor to be answered whole is too large
	StateAnswer lookup(OptimizerId id, LookupRequest request, Room room) {
		return read(id, EntityTags.parse("If-None-Match", List.of()), (session, stored) -> {
			List<Entries.Entry> entries = Tensors
				.sent(session.configuration(), new TensorLookupRequest(request.indices()), request.tensors())
				.stream()
				.map((sent) -> entry(sent.tensor(), sent.spec(), sent.place(), sent.fields().indices()))
				.toList();
			return response(session, stored, entries, null, room);
		});
	}

	private Entries.Entry entry(int tensor, TensorSpec spec, String place, @Nullable Indices indices) {
		if (indices == null) {
			Tensors.requireWhole(spec, this.maxElements, place + "/indices", "is required", "name some of them");
			return new Entries.Entry(tensor, Optional.empty());
		}
		return new Entries.Entry(tensor, Optional.of(Entries.distinct(spec, place + "/indices", indices)));
	}

	/// Reads a page of the touched entries of one tensor, unless the client has it
	/// already.
	/// @param tensor its name, if it has one
	/// @param after only entries beyond this one; −1 for all
	/// @param limit the most entries of the page; empty for the usual number
	/// @param room for the page
	/// @throws Refusal if there is no such session or tensor, or the page would be too
	/// large
	StateAnswer touched(OptimizerId id, Optional<String> tensor, long after, OptionalInt limit, EntityTags ifNoneMatch,
			Room room) {
		return read(id, ifNoneMatch, (session, stored) -> {
			int place = theOne(session.configuration().layout(), tensor, "touched");
			TensorSpec spec = session.configuration().layout().tensors().get(place);
			int largest = (int) Math.max(1, this.maxElements / spec.rowLength());
			if (limit.orElse(1) > largest) {
				throw Refusal.of(Code.INVALID_FIELD, "the query parameter limit must be 1 to " + largest
						+ " for entries of " + spec.rowLength() + " elements, was " + limit.getAsInt());
			}
			int most = limit.orElse(Math.min(largest, USUAL_PAGE));
			room.take(TouchedEntries.workingBytes(spec, most));
			long[] found = new TouchedEntries(session, stored, place, Math.addExact(most, 1)).from(after + 1);
			long[] page = Arrays.copyOf(found, Math.min(found.length, most));
			// a bare number has no axis, and so no index
			boolean number = spec.shape().isEmpty() && page.length > 0;
			return response(session, stored,
					List.of(new Entries.Entry(place, number ? Optional.empty() : Optional.of(Indices.of(page)))),
					(found.length > most) ? (Long) page[most - 1] : null, room);
		});
	}

	private StateAnswer read(OptimizerId id, EntityTags ifNoneMatch,
			BiFunction<Session, StoredState, StateResponse> reading) {
		return this.store.read(id, (session, stored) -> new StateAnswer(session.version(),
				ifNoneMatch.name(session.version()) ? Optional.empty() : Optional.of(reading.apply(session, stored))));
	}

	private static StateResponse response(Session session, StoredState stored, List<Entries.Entry> each,
			@Nullable Long next, Room room) {
		Entries entries = new Entries(session.configuration(), each);
		room.take(entries.workingBytes());
		return entries.response(session.version().step(), stored.elements(entries.selection()), next);
	}

	/// @param parameter the query parameter that applies to one tensor
	/// @throws Refusal if the client does not say which tensor, or the session has no
	/// tensor of this name
	private static int theOne(Layout layout, Optional<String> tensor, String parameter) {
		if (tensor.isPresent()) {
			return place(layout, tensor.get());
		}
		if (layout.isNamed()) {
			throw Refusal.of(Code.INVALID_FIELD, "the query parameter " + parameter
					+ " is about one tensor: say which with tensor=…, the name of one of the session's");
		}
		return 0;
	}

	/// Brings a session to a state.
	/// @param touched whether the request is a page of touched entries, and the rest
	/// stays
	/// @throws Refusal if there is no such session, a precondition does not hold, or a
	/// tensor of the request has another size or dtype than that of the session
	Session restore(OptimizerId id, RestoreRequest request, boolean touched, Preconditions preconditions) {
		Configuration configuration = describe(id).configuration();
		Restoration restoration = new RestoredTensors(configuration, this.maxElements).of(request, touched);
		Session restored = this.store.restore(id, (session) -> {
			if (!session.configuration().equals(configuration)) {
				// the session was deleted and created anew meanwhile, so the checks above
				// were made for another one
				throw SessionRefusals.busy(id);
			}
			preconditions.check(session);
		}, new Version(request.step(), newLife()), restoration);
		logger.info("session {} restored to step {}", id, request.step());
		return restored;
	}

	/// Deletes a session.
	/// @throws Refusal if there is no such session, if the caller has not created it and
	/// is no administrator, or if a precondition does not hold
	void delete(OptimizerId id, Caller caller, Preconditions preconditions) {
		boolean any = caller.may(Scope.ADMIN);
		this.store.delete(id, (any && preconditions.areNone()) ? Optional.empty() : Optional.of((session) -> {
			if (!any && !session.owner().equals(caller.name())) {
				throw CallRefusals.notItsOwn(session.id());
			}
			preconditions.check(session);
		}));
		logger.info("session {} deleted", id);
	}

	private NewSession newSession(OptimizerId id, Caller caller, CreateSessionRequest request) {
		return new CreatedTensors(request, this.maxSessionElements, this.maxElements).session(id, caller.name(),
				newLife());
	}

	private String newLife() {
		return HexFormat.of().toHexDigits(this.random.nextLong());
	}

	private static void requireSame(Session session, NewSession wanted) {
		List<String> differences = Differences.between(session.configuration(), wanted.configuration());
		if (differences.isEmpty() && !session.initialTensors().equals(wanted.initialTensors())) {
			differences = List.of(session.configuration().holdsParameter()
					? "G or the parameter started from other values" : "G started from other values");
		}
		if (!differences.isEmpty()) {
			throw CallRefusals.exists(session.id(), differences);
		}
	}

	/// The outcome of a call for the state.
	///
	/// @param version of the session
	/// @param body the state; empty if the client has this version
	record StateAnswer(Version version, Optional<StateResponse> body) {

	}

}
