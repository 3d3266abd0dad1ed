package dev.adagrad.session.store.sqlite;

import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.adagrad.caller.Quotas;
import dev.adagrad.kernel.NonFiniteResultException;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.Transition;
import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.Dialect;
import dev.adagrad.session.store.Expiry;
import dev.adagrad.session.store.Garbage;
import dev.adagrad.session.store.LostRaceException;
import dev.adagrad.session.store.Operations;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.SqlSessionStore;
import dev.adagrad.session.store.StoreProperties;
import dev.adagrad.session.store.Sweeper;
import dev.adagrad.session.store.TenantRoom;
import dev.adagrad.session.store.Tuning;
import dev.adagrad.session.store.UncheckedSqlException;
import dev.adagrad.session.store.Work;
import dev.adagrad.session.store.WriteProof;
import dev.adagrad.start.StartException;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sessions in a SQLite database in a folder of this process. One thread writes, a few read, and callers only wait, so
/// that virtual threads make no native call. If a caller is interrupted while it waits, its call is not undone.
public final class SqliteSessionStore extends SqlSessionStore {

	private static final Logger LOG = LoggerFactory.getLogger(SqliteSessionStore.class);

	private static final String NOT_IN_PLACE = "the database was deleted, moved or replaced";

	private final SqliteFolder folder;

	private final Committer committer;

	private final Witness witness;

	private final Readers lookups;

	private final Readers readings;

	private final ReadGate gate;

	private final Optional<LogWriteback> writeback;

	private final Sweeper sweeper;

	private final AtomicLong failures = new AtomicLong();

	private final WriteProof proof = new WriteProof(this::proveWrite, this.failures::get);

	private final HotStates hotStates;

	private volatile boolean inPlace = true;

	/// Opens the store.
	/// @throws StartException if it cannot be used
	public SqliteSessionStore(StoreProperties properties, SessionsProperties sessions, Tuning tuning, Quotas quotas) {
		HotStates hotStates = new HotStates(tuning.hotBytes(), System::nanoTime);
		SqliteFolder folder = SqliteFolder.lock(properties);
		SqliteFolder.First first;
		try {
			first = folder.openFirst();
		}
		catch (RuntimeException ex) {
			folder.close();
			throw ex;
		}
		super(new Operations(Dialect.SQLITE, hotStates, first.witness(), tuning.chunkBytes(), sessions.rememberedKeys(),
				new TenantRoom(quotas, System::nanoTime)),
				new Expiry(Dialect.SQLITE, first.witness(), sessions.keepExpired(), System::nanoTime));
		this.hotStates = hotStates;
		this.folder = folder;
		this.witness = first.witness();
		this.gate = new ReadGate(this::lookAfterLog);
		this.writeback = switch (properties.durability()) {
			case FSYNC -> Optional.empty();
			case OS -> Optional.of(new LogWriteback(this.folder::syncLog));
		};
		WriteAheadLog log = new WriteAheadLog(first.pageBytes(), this.gate, this.folder.room()::freeBytes,
				this.writeback);
		this.committer = new Committer(first.database(), this.folder::openWriter, tuning, this.hotStates,
				first.witness(), log::lookAfter, this.folder.room()::release);
		this.lookups = new Readers("store-lookup-", 2, this.folder::openReader);
		this.readings = new Readers("store-reading-", 2, this.folder::openReader);
		Garbage garbage = new Garbage(Dialect.SQLITE);
		this.sweeper = new Sweeper(() -> {
			this.folder.room().keep();
			return lookForFile() && await(this.committer.submit((database) -> {
				this.hotStates.forgetIdle(tuning.sweepInterval());
				return this.expiry.removePortion(database) || garbage.clearPortion(database);
			}, true));
		}, tuning.sweepInterval());
		this.committer.start();
		this.sweeper.start();
		LOG.info("sessions are kept in {}", this.folder.place());
	}

	/// SQLite keeps using a file that was deleted or moved, and everything written to it
	/// is lost when the process ends. So nothing is done while the file is not in its
	/// place.
	private boolean lookForFile() {
		boolean found = this.folder.isInPlace();
		if (found != this.inPlace) {
			this.inPlace = found;
			if (found) {
				LOG.info("the database in {} is back", this.folder.place());
			}
			else {
				LOG.error("the database in {} was deleted, moved or replaced; sessions answer 503 until it is back",
						this.folder.place());
			}
		}
		return found;
	}

	private void requireFile() {
		if (!this.inPlace) {
			throw SessionRefusals.notApplied(NOT_IN_PLACE, null);
		}
	}

	/// Runs a transaction without work, after which the committer looks after the log.
	private void lookAfterLog() {
		try {
			var _ = this.committer.submit((database) -> true);
		}
		catch (Refusal ex) {
			// the store is closed, so no reading must wait at the gate any more
			this.gate.open();
		}
	}

	/// All calls that write wait for the one thread that writes.
	@Override
	public <A> Transition<A> prepare(OptimizerId id, Transition<A> transition) {
		Optional<Configuration> known = this.hotStates.configuration(id);
		try {
			return known.isPresent() ? transition.preparedFor(known.get()) : transition;
		}
		catch (Refusal | NonFiniteResultException ex) {
			LOG.debug("refused, if the session is still the one that is known here", ex);
			return transition;
		}
	}

	@Override
	protected <A> A look(Work<A> work) {
		requireFile();
		return await(this.lookups.submit(work));
	}

	@Override
	protected <A> A read(Work<A> work) {
		requireFile();
		return await(this.readings.submit((database) -> {
			this.gate.enter();
			try {
				return inTransaction(database, work);
			}
			finally {
				this.gate.leave();
			}
		}));
	}

	private static <A> A inTransaction(Database database, Work<A> work) throws SQLException {
		database.execute("BEGIN");
		try {
			return work.run(database);
		}
		finally {
			database.execute("COMMIT");
		}
	}

	/// The number of calls that wait for the committer.
	int waiting() {
		return this.committer.waiting();
	}

	@Override
	public Optional<String> trouble() {
		if (!this.committer.isOpen()) {
			return Optional.of("closed");
		}
		if (!lookForFile()) {
			return Optional.of(NOT_IN_PLACE);
		}
		return attempt(() -> this.lookups.submit(this.operations::probe)).or(this.proof::trouble);
	}

	/// A full disk does not count as trouble: calls are refused for it, and calls that
	/// make room must come through.
	private Optional<String> proveWrite() {
		return attempt(() -> this.committer.submit(this.operations::proveWrite));
	}

	private Optional<String> attempt(Supplier<CompletableFuture<Boolean>> asked) {
		try {
			await(asked.get());
			return Optional.empty();
		}
		catch (Refusal ex) {
			LOG.debug("the store cannot be used", ex);
			return (ex.code() == Code.STORE_FULL) ? Optional.empty() : Optional.of(String.valueOf(ex.getMessage()));
		}
	}

	@Override
	protected <A> A write(OptimizerId id, Work<A> work) {
		return write(id, work, false);
	}

	@Override
	protected <A> A makeRoom(OptimizerId id, Work<A> work) {
		return write(id, work, true);
	}

	/// The same work as a part of this thread's trace, whichever thread does it.
	private static <A> Work<A> inTrace(Work<A> work) {
		Context context = Context.current();
		return !Span.fromContext(context).getSpanContext().isValid() ? work : (database) -> {
			try (Scope _ = context.makeCurrent()) {
				return work.run(database);
			}
		};
	}

	private <A> A write(OptimizerId id, Work<A> work, boolean makesRoom) {
		requireFile();
		try {
			return await(this.committer.submit(inTrace(work), makesRoom));
		}
		catch (LostRaceException ex) {
			// happens only if the session expired between two statements, twice
			throw SessionRefusals.notFound(id);
		}
	}

	private <A> A await(CompletableFuture<A> future) {
		try {
			return future.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw SessionRefusals.unknown("the call was interrupted", ex);
		}
		catch (ExecutionException ex) {
			throw switch (ex.getCause()) {
				case Error error -> throw error;
				case UncheckedSqlException failure -> failed(failure.sql());
				case RuntimeException refusal -> refusal;
				case SQLException failure -> failed(failure);
				case null, default -> new IllegalStateException(ex.getCause());
			};
		}
	}

	private RuntimeException failed(SQLException failure) {
		this.failures.incrementAndGet();
		if (SqliteErrors.isDamage(failure)) {
			return SessionRefusals.damaged(failure);
		}
		return SqliteErrors.isFull(failure) ? SessionRefusals.full(failure)
				: SessionRefusals.notApplied("the store failed: " + failure.getMessage(), failure);
	}

	@Override
	public void close() {
		this.sweeper.close();
		this.readings.close();
		this.lookups.close();
		// the committer closes last, since the last connection to be closed copies the
		// log and removes it
		this.committer.close();
		this.witness.close();
		this.writeback.ifPresent(LogWriteback::close);
		this.folder.close();
	}

}
