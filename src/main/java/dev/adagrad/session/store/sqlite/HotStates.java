package dev.adagrad.session.store.sqlite;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import dev.adagrad.session.Configuration;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.State;
import dev.adagrad.session.store.KeptStates;
import dev.adagrad.session.store.SessionRow;

/// The rows and tensors of the sessions stepped last, up to a number of bytes. For a store that has its database to
/// itself.
///
/// A step finds what earlier steps of the same transaction have kept. If that transaction is not committed, everything
/// is forgotten: another step may then lead to the same version.
///
/// To be used by one thread, but for [#configuration].
final class HotStates implements KeptStates {

	/// About how many bytes a session takes besides its elements. It is counted so that
	/// many small sessions stay within the limit.
	static final int ROW_BYTES = 1024;

	private final long mostBytes;

	private final LongSupplier nanoTime;

	/// By the session's key. The session used last comes last.
	private final Map<Long, Kept> states = new LinkedHashMap<>(16, 0.75F, true);

	private final Map<OptimizerId, Kept> byId = new ConcurrentHashMap<>();

	private long bytes;

	private boolean uncommitted;

	/// @param mostBytes the most bytes to keep
	/// @param nanoTime a clock
	HotStates(long mostBytes, LongSupplier nanoTime) {
		this.mostBytes = mostBytes;
		this.nanoTime = nanoTime;
	}

	/// A transaction begins. The outcome of the last one is known by now.
	void begin() {
		if (this.uncommitted) {
			this.states.clear();
			this.byId.clear();
			this.bytes = 0;
		}
		this.uncommitted = true;
	}

	/// The transaction that began last is committed.
	void committed() {
		this.uncommitted = false;
	}

	@Override
	public Optional<SessionRow> row(OptimizerId id) {
		return Optional.ofNullable(this.byId.get(id))
			.map((kept) -> kept.row)
			.filter((row) -> row.session().expiresAt().isEmpty());
	}

	/// The configuration that a session had when it was stepped last, if it is known. Any
	/// thread may call this, so the session may be gone by now, or may never have been
	/// committed.
	Optional<Configuration> configuration(OptimizerId id) {
		return Optional.ofNullable(this.byId.get(id)).map((kept) -> kept.row.session().configuration());
	}

	@Override
	public Optional<State> find(SessionRow row) {
		Kept kept = this.states.get(row.key());
		if (kept == null || !kept.row.session().version().equals(row.session().version())) {
			return Optional.empty();
		}
		kept.lastUsed = this.nanoTime.getAsLong();
		return Optional.of(kept.state);
	}

	@Override
	public void keep(SessionRow row, State state) {
		forget(row.key());
		long added = row.allBytes() + ROW_BYTES;
		if (added > this.mostBytes) {
			return;
		}
		Iterator<Kept> eldest = this.states.values().iterator();
		while (this.bytes + added > this.mostBytes) {
			Kept kept = eldest.next();
			eldest.remove();
			removed(kept);
		}
		Kept kept = new Kept(row, state, this.nanoTime.getAsLong());
		this.states.put(row.key(), kept);
		this.byId.put(row.session().id(), kept);
		this.bytes += added;
	}

	@Override
	public void forget(long key) {
		Kept kept = this.states.remove(key);
		if (kept != null) {
			removed(kept);
		}
	}

	/// Forgets the sessions that were not used for this long.
	void forgetIdle(Duration idle) {
		long now = this.nanoTime.getAsLong();
		Iterator<Kept> all = this.states.values().iterator();
		while (all.hasNext()) {
			Kept kept = all.next();
			if (now - kept.lastUsed >= idle.toNanos()) {
				all.remove();
				removed(kept);
			}
		}
	}

	private void removed(Kept kept) {
		this.byId.remove(kept.row.session().id(), kept);
		this.bytes -= kept.row.allBytes() + ROW_BYTES;
	}

	/// How many bytes are kept.
	long bytes() {
		return this.bytes;
	}

	private static final class Kept {

		private final SessionRow row;

		private final State state;

		private long lastUsed;

		private Kept(SessionRow row, State state, long lastUsed) {
			this.row = row;
			this.state = state;
			this.lastUsed = lastUsed;
		}

	}

}
