package dev.adagrad.session.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import dev.adagrad.session.Initial;
import dev.adagrad.session.NewSession;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Session;
import dev.adagrad.session.SessionNotFoundException;
import dev.adagrad.session.SessionStore.Creation;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.State;
import dev.adagrad.session.StoredState;
import dev.adagrad.session.Transition;
import dev.adagrad.session.Transition.AppliedStep;
import dev.adagrad.session.Transition.Plan;
import dev.adagrad.session.Transition.Written;
import dev.adagrad.session.Version;
import dev.adagrad.session.store.Database.Update;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// What each call of the port does, as SQL in a transaction that the caller has begun and ends: it must see one state of
/// the session, and on PostgreSQL a writer's must be READ COMMITTED.
///
/// All that can refuse a call comes before the first write, but for blocks that cannot be read: so who finds
/// [Database#written()] false after a refusal need not roll back. After a failure of the database itself he must,
/// whatever was written.
///
/// Safe for use by any number of threads, each with a database of its own; but calls that write only by as many as
/// the [KeptStates] are.
final class Operations {

	/// So that an expiry is a date with four digits for its year; 3,000 years.
	private static final long LONGEST_TTL_SECONDS = 94_608_000_000L;

	/// About how many bytes a chunk has once single elements are stepped: few, as each is
	/// rewritten whole for each of its elements.
	private static final int SPARSE_CHUNK_BYTES = 1024;

	/// Chunks up to this size are not worth splitting.
	private static final int LARGEST_SPARSE_CHUNK_BYTES = 16 * 1024;

	private final Dialect dialect;

	private final KeptStates kept;

	private final int chunkBytes;

	private final int rememberedKeys;

	private final SessionSql sql;

	/// @param kept asked and told by the calls that write, and by them alone
	/// @param chunkBytes about how many bytes a chunk of a new session has, ≥ 1
	/// @param rememberedKeys how many step keys of a session are kept at least, ≥ 1
	Operations(Dialect dialect, KeptStates kept, int chunkBytes, int rememberedKeys) {
		this.dialect = dialect;
		this.kept = kept;
		this.chunkBytes = chunkBytes;
		this.rememberedKeys = rememberedKeys;
		this.sql = new SessionSql(dialect);
	}

	Creation create(Database database, NewSession session) throws SQLException {
		Optional<SessionRow> existing = row(database, session.id(), this.sql.find);
		if (existing.isPresent()) {
			return new Creation.Existing(existing.get().session());
		}
		Optional<Long> expired = database.one(this.sql.expired, (result) -> result.getLong(1), session.id().value());
		if (expired.isPresent()) {
			retire(database, expired.get());
		}
		Optional<Double> accumulatorValue = session.G().constant();
		Optional<Double> parameterValue = session.parameter().flatMap(Initial::constant);
		ConfigurationJson json = new ConfigurationJson(session.configuration(), accumulatorValue, parameterValue);
		int chunkElements = Math.clamp(this.chunkBytes / session.configuration().dtype().bytes(), 1,
				session.configuration().size());
		SessionRow row = database
			.writing(this.sql.insert, SessionRow::read, session.id().value(), session.configuration().initialStep(),
					session.life(), session.configuration().initialStep(), json.write(),
					session.initialTensors().toBytes(), chunkElements, ttlMillis(session.configuration().ttl()))
			.orElseThrow(LostRaceException::new);
		insert(tensor(database, row, StoredTensor.G), session.G());
		if (session.parameter().isPresent()) {
			insert(tensor(database, row, StoredTensor.PARAMETER), session.parameter().get());
		}
		return new Creation.Created(row.session());
	}

	private static void insert(StoredTensor tensor, Initial initial) throws SQLException {
		switch (initial) {
			case Initial.Constant constant -> {
			}
			case Initial.Given(Blocks<Tensor> blocks) -> tensor.insertAll(blocks);
		}
	}

	Optional<Session> find(Database database, OptimizerId id) throws SQLException {
		return row(database, id, this.sql.find).map(SessionRow::session);
	}

	List<Session> list(Database database, Optional<OptimizerId> after, int limit) throws SQLException {
		return database.all(this.sql.list, (result) -> SessionRow.read(result).session(),
				after.map(OptimizerId::value).orElse(""), limit);
	}

	long count(Database database) throws SQLException {
		return database.one(this.sql.count, (result) -> result.getLong(1)).orElseThrow();
	}

	/// Asks for the table, whatever is in it.
	boolean probe(Database database) throws SQLException {
		return database.one(SessionSql.PROBE, (result) -> true).orElse(false);
	}

	<A> A read(Database database, OptimizerId id, BiFunction<Session, StoredState, A> reading) throws SQLException {
		SessionRow row = existing(database, id, this.sql.find);
		return reading.apply(row.session(), new InTransaction(database, row));
	}

	<A> A step(Database database, OptimizerId id, Optional<Sha256> key, Transition<A> transition) throws SQLException {
		Optional<SessionRow> known = this.kept.row(id);
		SessionRow row = known.isPresent() ? known.get() : existing(database, id, this.sql.findForUpdate);
		Optional<AppliedStep> remembered = Optional.empty();
		if (key.isPresent()) {
			remembered = database.one(SessionSql.REMEMBERED,
					(result) -> new AppliedStep(result.getLong(1), Sha256.ofBytes(result.getBytes(2))), row.key(),
					key.get().toBytes());
		}
		return switch (transition.plan(row.session(), remembered)) {
			case Plan.Answer<A>(A answer) -> answer;
			case Plan.Read<A> read ->
				read.answer().apply(load(row, new InTransaction(database, row), read.selection()));
			case Plan.Write<A> write -> {
				if (write.request().isPresent() != key.isPresent()) {
					throw new IllegalStateException("a request must be remembered exactly where there is a key");
				}
				yield write(database, row, key, write);
			}
		};
	}

	private State load(SessionRow row, InTransaction stored, Selection selection) throws SQLException {
		Optional<State> known = (selection instanceof Selection.All) ? this.kept.find(row) : Optional.empty();
		return known.isPresent() ? known.get() : stored.load(selection);
	}

	private <A> A write(Database database, SessionRow row, Optional<Sha256> key, Plan.Write<A> write)
			throws SQLException {
		InTransaction stored = new InTransaction(database, row);
		State before = load(row, stored, write.selection());
		Written<A> written = write.step().apply(before);
		requireAlike(before, written.state());
		Version version = row.session().version();
		Version next = version.next();
		long keyCount = key.isPresent() ? row.keyCount() + 1 : row.keyCount();
		List<Update> updates = new ArrayList<>();
		updates.add(Update.of(1, this.sql.advance, next.step(), keyCount,
				ttlMillis(row.session().configuration().ttl()), row.key(), version.step(), version.life()));
		if (key.isPresent()) {
			updates.add(Update.of(1, SessionSql.REMEMBER, row.key(), key.get().toBytes(),
					write.request().orElseThrow().toBytes(), next.step(), keyCount));
			long prunable = keyCount - this.rememberedKeys;
			if (prunable > 0) {
				updates.add(Update.ofAny(SessionSql.PRUNE, row.key(), prunable));
			}
		}
		Optional<Integer> split = splitting(row, write.selection());
		Optional<StoredRanges> ranges = split.isPresent() ? Optional.empty() : stored.ranges;
		ranges.ifPresent((each) -> updates.addAll(each.replacing(written.state())));
		// from here on writes alone
		database.updateTogether(updates);
		if (split.isPresent()) {
			stored.split(split.get());
			database.update(SessionSql.SPLIT, split.get(), row.key());
			new InTransaction(database, row.withChunkElements(split.get())).replace(write.selection(), written.state());
		}
		else if (ranges.isEmpty()) {
			stored.replace(write.selection(), written.state());
		}
		switch (write.selection()) {
			case Selection.All all -> this.kept.keep(row.stepped(next, keyCount), written.state());
			case Selection.Elements elements -> this.kept.forget(row.key());
		}
		return written.answer();
	}

	/// How many elements chunks shall have from now on, if they are too long for what is
	/// written: once, at the first sparse step; a session that is stepped sparsely once
	/// will be again.
	private static Optional<Integer> splitting(SessionRow row, Selection selection) {
		int chunkElements = SPARSE_CHUNK_BYTES / row.dtype().bytes();
		boolean split = selection instanceof Selection.Elements
				&& row.chunkElements() > LARGEST_SPARSE_CHUNK_BYTES / row.dtype().bytes()
				&& (row.chunkElements() % chunkElements == 0 || row.chunkElements() >= row.size());
		return split ? Optional.of(chunkElements) : Optional.empty();
	}

	private static void requireAlike(State before, State after) {
		boolean alike = after.G().dtype() == before.G().dtype() && after.G().size() == before.G().size()
				&& after.parameter().isPresent() == before.parameter().isPresent()
				&& after.parameter().map(Tensor::dtype).equals(before.parameter().map(Tensor::dtype));
		if (!alike) {
			throw new IllegalStateException("a step must write what it has read: as many elements of the same dtype");
		}
	}

	Session restore(Database database, OptimizerId id, Consumer<Session> check, Version version, Blocks<Tensor> G,
			Optional<Blocks<Tensor>> parameter) throws SQLException {
		SessionRow row = existing(database, id, this.sql.findForUpdate);
		check.accept(row.session());
		this.kept.forget(row.key());
		if (parameter.isPresent() != row.session().configuration().holdsParameter()) {
			throw new IllegalStateException("a parameter must be restored exactly where it is held");
		}
		tensor(database, row, StoredTensor.G).replaceAll(G);
		if (parameter.isPresent()) {
			tensor(database, row, StoredTensor.PARAMETER).replaceAll(parameter.get());
		}
		database.update(SessionSql.FORGET_LATER_KEYS, row.key(), version.step());
		long keyCount = database.one(SessionSql.LAST_KEY, (result) -> result.getLong(1), row.key()).orElseThrow();
		Version old = row.session().version();
		return database
			.writing(this.sql.restore, SessionRow::read, version.step(), version.life(), version.step(), keyCount,
					ttlMillis(row.session().configuration().ttl()), row.key(), old.step(), old.life())
			.orElseThrow(LostRaceException::new)
			.session();
	}

	void delete(Database database, OptimizerId id, Consumer<Session> check) throws SQLException {
		SessionRow row = existing(database, id, this.sql.findForUpdate);
		check.accept(row.session());
		retire(database, row.key());
	}

	/// Takes the row away and leaves the rest to the sweeper.
	private void retire(Database database, long key) throws SQLException {
		this.kept.forget(key);
		if (database.update(SessionSql.REMOVE, key) != 1) {
			throw new LostRaceException();
		}
		database.update(SessionSql.DISCARD, key);
	}

	private SessionRow existing(Database database, OptimizerId id, String sql) throws SQLException {
		return row(database, id, sql).orElseThrow(() -> new SessionNotFoundException(id));
	}

	private static Optional<SessionRow> row(Database database, OptimizerId id, String sql) throws SQLException {
		return database.one(sql, SessionRow::read, id.value());
	}

	private static @Nullable Long ttlMillis(Optional<Duration> ttl) {
		return ttl.isPresent() ? Math.min(ttl.get().toSeconds(), LONGEST_TTL_SECONDS) * 1000 : null;
	}

	private StoredTensor tensor(Database database, SessionRow row, int which) {
		return new StoredTensor(database, this.dialect, row, which);
	}

	/// The tensors of a session, for as long as the transaction lasts.
	private final class InTransaction implements StoredState {

		private final StoredTensor accumulator;

		private final Optional<StoredTensor> held;

		private final Database database;

		private final SessionRow row;

		/// What was loaded last, if so.
		private Optional<StoredRanges> ranges = Optional.empty();

		private InTransaction(Database database, SessionRow row) {
			this.database = database;
			this.row = row;
			this.accumulator = tensor(database, row, StoredTensor.G);
			this.held = row.session().configuration().holdsParameter()
					? Optional.of(tensor(database, row, StoredTensor.PARAMETER)) : Optional.empty();
		}

		@Override
		public Blocks<Tensor> G() {
			return this.accumulator.blocks();
		}

		@Override
		public Optional<Blocks<Tensor>> parameter() {
			return this.held.map(StoredTensor::blocks);
		}

		@Override
		public State elements(Selection selection) {
			try {
				return load(selection);
			}
			catch (SQLException ex) {
				throw new UncheckedSqlException(ex);
			}
		}

		private State load(Selection selection) throws SQLException {
			this.ranges = (Operations.this.dialect.isRemote() && selection instanceof Selection.Elements elements)
					? StoredRanges.of(this.database, this.row, elements.indices()) : Optional.empty();
			if (this.ranges.isPresent()) {
				return this.ranges.get().read();
			}
			Tensor G = load(this.accumulator, selection);
			Optional<Tensor> parameter = this.held.isPresent() ? Optional.of(load(this.held.get(), selection))
					: Optional.empty();
			return new State(G, parameter);
		}

		private void split(int chunkElements) throws SQLException {
			this.accumulator.split(chunkElements);
			if (this.held.isPresent()) {
				this.held.get().split(chunkElements);
			}
		}

		private static Tensor load(StoredTensor tensor, Selection selection) throws SQLException {
			return switch (selection) {
				case Selection.All all -> tensor.all();
				case Selection.Elements elements -> tensor.elements(elements.indices());
			};
		}

		private void replace(Selection selection, State state) throws SQLException {
			replace(this.accumulator, selection, state.G());
			if (this.held.isPresent()) {
				replace(this.held.get(), selection, state.parameter().orElseThrow());
			}
		}

		private static void replace(StoredTensor tensor, Selection selection, Tensor values) throws SQLException {
			switch (selection) {
				case Selection.All all -> tensor.replaceAll(Blocks.of(values));
				case Selection.Elements elements -> tensor.replace(elements.indices(), values);
			}
		}

	}

}
