package dev.adagrad.session.store;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import dev.adagrad.caller.Tenant;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Initial;
import dev.adagrad.session.NewSession;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Ranges;
import dev.adagrad.session.Restoration;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Session;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.SessionStore.Creation;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.State;
import dev.adagrad.session.StoredState;
import dev.adagrad.session.Transition.AppliedStep;
import dev.adagrad.session.Transition.Plan;
import dev.adagrad.session.Transition.Written;
import dev.adagrad.session.Transition;
import dev.adagrad.session.Vector;
import dev.adagrad.session.Version;
import dev.adagrad.session.store.Database.Update;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What each call of the port does, as SQL. The caller begins and ends the transaction. The transaction must see one
/// state of the session. On PostgreSQL, that of a writer must be READ COMMITTED.
///
/// All that can refuse a call comes before the first write, except for blocks that cannot be read. So if
/// [Database#written()] is false after a refusal, the caller need not roll back. After a failure of the database itself
/// it must roll back, whatever was written.
///
/// Safe for use by any number of threads, each with its own database. But only as many threads may make calls that
/// write as may use the [KeptStates].
public final class Operations {

	private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

	/// 3,000 years. Keeps the year of an expiry at four digits.
	private static final long LONGEST_TTL_SECONDS = 94_608_000_000L;

	private static final String PROVE_WRITE = "UPDATE store_clock SET observed = observed";

	private final Dialect dialect;

	private final KeptStates kept;

	private final ChunkLength chunkLength;

	private final int rememberedKeys;

	private final SessionSql sql;

	private final Journal journal;

	private final TenantRoom room;

	/// @param kept used only by the calls that write
	/// @param journal told of each write
	/// @param chunkBytes about how many bytes a chunk of a new session has, ≥ 1
	/// @param rememberedKeys the minimum number of step keys kept of a session, ≥ 1
	/// @param room what tenants may keep
	public Operations(Dialect dialect, KeptStates kept, Journal journal, int chunkBytes, int rememberedKeys,
			TenantRoom room) {
		this.room = room;
		this.dialect = dialect;
		this.kept = kept;
		this.chunkLength = new ChunkLength(dialect, chunkBytes);
		this.rememberedKeys = rememberedKeys;
		this.sql = new SessionSql(dialect);
		this.journal = journal;
	}

	public Creation create(Database database, NewSession session) throws SQLException {
		int shard = this.dialect.shard(session.id());
		Optional<SessionRow> existing = row(database, session.id(), this.sql.find);
		if (existing.isPresent()) {
			return new Creation(existing.get().session(), false);
		}
		Optional<Found> expired = database.one(this.sql.expired, Found::read, shard, session.id().tenant().name(),
				session.id().value());
		Configuration configuration = session.configuration();
		int chunkElements = this.chunkLength.of(configuration);
		long given = StoredTensors.givenChunks(session, chunkElements);
		String json = new ConfigurationJson(configuration, session.starts()).write();
		long bytes = given * chunkElements * configuration.dtype().bytes() + TenantRoom.ROW_BYTES;
		database.requireRoom(bytes);
		this.room.require(database, session.id().tenant(), expired.isPresent() ? 0 : 1,
				bytes + json.getBytes(StandardCharsets.UTF_8).length - expired.map(Found::bytes).orElse(0L));
		if (expired.isPresent()) {
			remove(database, shard, expired.get().key());
		}
		byte[] initialTensors = session.initialTensors().toBytes();
		Version version = new Version(configuration.initialStep(), session.incarnation());
		SessionRow wanted = new SessionRow(shard, 0, chunkElements, 0, 0, given,
				SessionRow.origin(session.id(), session.owner(), json, initialTensors),
				new Session(session.id(), session.owner(), configuration, session.starts(), session.initialTensors(),
						version, version.step(), 0, Instant.EPOCH, Instant.EPOCH, Optional.empty()));
		SessionRow row = database
			.writing(this.sql.insert, SessionRow::read, shard, session.id().tenant().name(), session.id().value(),
					session.owner(), configuration.dtype().bytes(), version.step(), version.incarnation(),
					version.step(), json, initialTensors, chunkElements, 0, 0, given, wanted.checksum(),
					ttlMillis(configuration.ttl()))
			.orElseThrow(LostRaceException::new);
		new StoredTensors(database, this.dialect, row).put(session::of);
		this.journal.wrote(row);
		return new Creation(row.session(), true);
	}

	public Optional<Session> find(Database database, OptimizerId id) throws SQLException {
		return row(database, id, this.sql.find).map(SessionRow::session);
	}

	/// Leaves damaged sessions out.
	public List<Session> list(Database database, Tenant tenant, Optional<OptimizerId> after, int limit)
			throws SQLException {
		List<Session> found = new ArrayList<>();
		String last = after.map(OptimizerId::value).orElse("");
		for (int missing = limit; missing > 0; missing = limit - found.size()) {
			List<Listed> page = database.all(this.sql.list, Listed::read, tenant.name(), last, missing);
			page.forEach((each) -> each.session().ifPresent(found::add));
			if (page.size() < missing) {
				break;
			}
			last = page.getLast().id();
		}
		return found;
	}

	public long count(Database database) throws SQLException {
		return database.one(this.sql.count, (result) -> result.getLong(1)).orElseThrow();
	}

	/// Asks the database for something small, and whether the sessions are there.
	public boolean probe(Database database) throws SQLException {
		return database.one(SessionSql.IS_THERE, (result) -> true).isEmpty()
				&& database.one(SessionSql.PROBE, (result) -> true).isPresent();
	}

	/// Writes the value that is there already, so that a commit shows whether it can.
	public boolean proveWrite(Database database) throws SQLException {
		return database.update(PROVE_WRITE) == 1;
	}

	public <A> A read(Database database, OptimizerId id, BiFunction<Session, StoredState, A> reading)
			throws SQLException {
		SessionRow row = existing(database, id, this.sql.find);
		return reading.apply(row.session(), new StoredTensors(database, this.dialect, row));
	}

	public <A> A step(Database database, OptimizerId id, Optional<Sha256> key, Transition<A> transition)
			throws SQLException {
		Optional<SessionRow> known = this.kept.row(id);
		SessionRow row = known.isPresent() ? known.get() : existing(database, id, this.sql.findForUpdate);
		Optional<AppliedStep> remembered = Optional.empty();
		if (key.isPresent()) {
			remembered = database.one(SessionSql.REMEMBERED,
					(result) -> new AppliedStep(result.getLong(1), Sha256.ofBytes(result.getBytes(2))), row.shard(),
					row.key(), key.get().toBytes());
		}
		return switch (transition.plan(row.session(), remembered)) {
			case Plan.Answer<A>(A answer) -> answer;
			case Plan.Read<A> read ->
				read.answer().apply(load(row, new StoredTensors(database, this.dialect, row), read.selection()));
			case Plan.Write<A> write -> {
				if (write.request().isPresent() != key.isPresent()) {
					throw new IllegalStateException("a request must be remembered exactly where there is a key");
				}
				yield write(database, row, key, write);
			}
		};
	}

	private State load(SessionRow row, StoredTensors stored, Selection selection) throws SQLException {
		Optional<State> known = (selection instanceof Selection.All) ? this.kept.find(row) : Optional.empty();
		return known.isPresent() ? known.get() : stored.load(selection);
	}

	private <A> A write(Database database, SessionRow known, Optional<Sha256> key, Plan.Write<A> write)
			throws SQLException {
		StoredTensors stored = new StoredTensors(database, this.dialect, known);
		State before = load(known, stored, write.selection());
		Written<A> written = write.step().apply(before);
		requireAlike(known, before, written.state());
		database.requireRoom(bytes(known, write.selection()));
		requireRoom(database, known, stored.storedWith(write.selection()));
		// writes start here, and nothing refuses the call after them
		stored = this.chunkLength.split(stored, write.selection());
		SessionRow row = stored.row();
		Version version = row.session().version();
		long keyCount = key.isPresent() ? row.keyCount() + 1 : row.keyCount();
		SessionRow next = row.changed(version.next(), row.session().incarnationBegan(), keyCount,
				stored.storedWith(write.selection()));
		List<Update> first = new ArrayList<>();
		first.add(Update.of(1, this.sql.advance, advance(next, version)));
		if (key.isPresent()) {
			first.add(Update.of(1, SessionSql.REMEMBER, row.shard(), row.key(), key.get().toBytes(),
					write.request().orElseThrow().toBytes(), next.session().version().step(), keyCount));
			long prunable = keyCount - this.rememberedKeys;
			if (prunable > 0) {
				first.add(Update.ofAny(SessionSql.PRUNE, row.shard(), row.shard(), row.key(), prunable));
			}
		}
		stored.replace(write.selection(), written.state(), first);
		switch (write.selection()) {
			case Selection.All all -> this.kept.keep(next, written.state());
			case Selection.Some some -> this.kept.forget(row.key());
		}
		this.journal.wrote(next);
		return written.answer();
	}

	/// @param chunks how many chunks have rows after the write
	private void requireRoom(Database database, SessionRow row, long chunks) throws SQLException {
		this.room.require(database, row.session().id().tenant(), 0,
				(chunks - row.storedChunks()) * row.chunkElements() * row.dtype().bytes());
	}

	/// About how many bytes a write of a selection adds to the log.
	private static long bytes(SessionRow row, Selection selection) {
		return TenantRoom.ROW_BYTES + switch (selection) {
			case Selection.All all -> row.allBytes();
			case Selection.Some some -> Math.min(row.allBytes(),
					row.vectors().stream().map(some::of).mapToLong((ranges) -> bytes(row, ranges)).sum());
		};
	}

	private static long bytes(SessionRow row, Ranges ranges) {
		return ranges.count() * TenantRoom.ROW_BYTES + (long) ranges.size() * row.dtype().bytes();
	}

	/// @param next the new row
	/// @param old the version that the row must have
	private static @Nullable Object[] advance(SessionRow next, Version old) {
		Session session = next.session();
		return new @Nullable Object[] { session.version().step(), session.version().incarnation(),
				session.incarnationBegan(), next.chunkElements(), next.keyCount(), next.changes(), next.storedChunks(),
				next.checksum(), ttlMillis(session.configuration().ttl()), next.shard(), next.key(), old.step(),
				old.incarnation() };
	}

	private static void requireAlike(SessionRow row, State before, State after) {
		if (after.parameter().isPresent() != before.parameter().isPresent()) {
			throw new IllegalStateException("a parameter must be written exactly where it is held");
		}
		for (Vector vector : row.vectors()) {
			Tensor old = before.of(vector);
			Tensor written = after.of(vector);
			if (old.size() != written.size() || old.dtype() != written.dtype()) {
				throw new IllegalStateException(
						"a step must write what it has read: as many elements of the same dtype");
			}
		}
	}

	public Session restore(Database database, OptimizerId id, Consumer<Session> check, Version version,
			Restoration restoration) throws SQLException {
		SessionRow row = existing(database, id, this.sql.findForUpdate);
		check.accept(row.session());
		database.requireRoom(bytes(row, switch (restoration) {
			case Restoration.Whole whole -> new Selection.All();
			case Restoration.Entries entries -> entries.selection();
		}));
		this.kept.forget(row.key());
		StoredTensors stored = new StoredTensors(database, this.dialect, row);
		long storedChunks = switch (restoration) {
			case Restoration.Whole whole -> {
				if (whole.parameter().isPresent() != row.session().configuration().holdsParameter()) {
					throw new IllegalStateException("a parameter must be restored exactly where it is held");
				}
				requireRoom(database, row, row.allChunks());
				stored.put((vector) -> whole.of(vector)
					.map((each) -> each.stream().<Initial>map(Initial.Given::new).toList()));
				yield row.allChunks();
			}
			case Restoration.Entries entries -> {
				requireAlike(row, stored.load(entries.selection()), entries.state());
				requireRoom(database, row, stored.storedWith(entries.selection()));
				stored = this.chunkLength.split(stored, entries.selection());
				stored.replace(entries.selection(), entries.state(), List.of());
				yield stored.storedWith(entries.selection());
			}
		};
		database.update(SessionSql.FORGET_LATER_KEYS, row.shard(), row.key(), version.step());
		long keyCount = database.one(SessionSql.LAST_KEY, (result) -> result.getLong(1), row.shard(), row.key())
			.orElseThrow();
		SessionRow next = stored.row().changed(version, version.step(), keyCount, storedChunks);
		Session restored = database.writing(this.sql.restore, SessionRow::read, advance(next, row.session().version()))
			.orElseThrow(LostRaceException::new)
			.session();
		this.journal.wrote(next);
		return restored;
	}

	/// Deletes a session even if its row cannot be read, unless there is a check, which
	/// needs the row.
	public void delete(Database database, OptimizerId id, Optional<Consumer<Session>> check) throws SQLException {
		int shard = this.dialect.shard(id);
		if (check.isPresent()) {
			check.get().accept(existing(database, id, this.sql.findForUpdate).session());
		}
		Found found = database.one(this.sql.keyForUpdate, Found::read, shard, id.tenant().name(), id.value())
			.orElseThrow(() -> SessionRefusals.notFound(id));
		remove(database, shard, found.key());
		this.room.removed(id.tenant(), found.bytes());
	}

	/// Brings an expired session back. It then lives as long as after a step taken now.
	/// @return the session; empty if no expired session has this id
	public Optional<Session> revive(Database database, OptimizerId id) throws SQLException {
		Optional<SessionRow> expired = row(database, id, this.sql.findExpired);
		if (expired.isEmpty()) {
			return Optional.empty();
		}
		SessionRow row = expired.get();
		return database
			.writing(this.sql.revive, SessionRow::read, ttlMillis(row.session().configuration().ttl()), row.shard(),
					row.key())
			.map(SessionRow::session);
	}

	/// Removes the row and leaves the rest to the sweeper.
	private void remove(Database database, int shard, long key) throws SQLException {
		this.kept.forget(key);
		if (database.update(SessionSql.REMOVE, shard, key) != 1) {
			throw new LostRaceException();
		}
		database.update(SessionSql.DISCARD, shard, key);
		this.journal.removed(key);
	}

	private SessionRow existing(Database database, OptimizerId id, String sql) throws SQLException {
		return row(database, id, sql).orElseThrow(() -> SessionRefusals.notFound(id));
	}

	private Optional<SessionRow> row(Database database, OptimizerId id, String sql) throws SQLException {
		return database.one(sql, SessionRow::read, this.dialect.shard(id), id.tenant().name(), id.value());
	}

	private static @Nullable Long ttlMillis(Optional<Duration> ttl) {
		return ttl.isPresent() ? Math.min(ttl.get().toSeconds(), LONGEST_TTL_SECONDS) * 1000 : null;
	}

	/// A session whose row may be damaged.
	///
	/// @param bytes what it takes of its tenant's room
	private record Found(long key, long bytes) {

		private static Found read(ResultSet result) throws SQLException {
			return new Found(result.getLong(1), result.getLong(2));
		}

	}

	/// A row of a page.
	private record Listed(String id, Optional<Session> session) {

		private static Listed read(ResultSet result) throws SQLException {
			String id = result.getString(2);
			try {
				return new Listed(id, Optional.of(SessionRow.read(result).session()));
			}
			catch (Refusal ex) {
				LOG.error("left out of the list: {}", ex.getMessage());
				return new Listed(id, Optional.empty());
			}
		}

	}

}
