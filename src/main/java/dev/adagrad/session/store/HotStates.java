package dev.adagrad.session.store;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import dev.adagrad.session.State;
import dev.adagrad.session.Version;

/// The tensors of the sessions that were stepped last, up to a number of bytes, for a store that is alone with its
/// database.
///
/// A later step of a transaction finds what an earlier one of the same has kept. Should the transaction not be committed
/// all is forgotten, since another step may then come to be the one of that version.
///
/// To be used by one thread.
final class HotStates implements KeptStates {

	private final long mostBytes;

	private final LongSupplier nanoTime;

	/// By the session's key; the one that was used last comes last.
	private final Map<Long, Kept> states = new LinkedHashMap<>(16, 0.75F, true);

	private long bytes;

	private boolean uncommitted;

	/// @param mostBytes of elements that are kept together
	/// @param nanoTime a clock
	HotStates(long mostBytes, LongSupplier nanoTime) {
		this.mostBytes = mostBytes;
		this.nanoTime = nanoTime;
	}

	/// A transaction begins; what became of the last one is known by now.
	void begin() {
		if (this.uncommitted) {
			this.states.clear();
			this.bytes = 0;
		}
		this.uncommitted = true;
	}

	/// The transaction that began last is committed.
	void committed() {
		this.uncommitted = false;
	}

	@Override
	public Optional<State> find(SessionRow row) {
		Kept kept = this.states.get(row.key());
		if (kept == null || !kept.version.equals(row.session().version())) {
			return Optional.empty();
		}
		kept.lastUsed = this.nanoTime.getAsLong();
		return Optional.of(kept.state);
	}

	@Override
	public void keep(SessionRow row, Version version, State state) {
		forget(row.key());
		if (row.bytes() > this.mostBytes) {
			return;
		}
		Iterator<Kept> eldest = this.states.values().iterator();
		while (this.bytes + row.bytes() > this.mostBytes) {
			this.bytes -= eldest.next().bytes;
			eldest.remove();
		}
		this.states.put(row.key(), new Kept(version, state, row.bytes(), this.nanoTime.getAsLong()));
		this.bytes += row.bytes();
	}

	@Override
	public void forget(long key) {
		Kept kept = this.states.remove(key);
		if (kept != null) {
			this.bytes -= kept.bytes;
		}
	}

	/// Forgets the sessions that were not stepped for so long.
	void forgetIdle(Duration idle) {
		long now = this.nanoTime.getAsLong();
		Iterator<Kept> all = this.states.values().iterator();
		while (all.hasNext()) {
			Kept kept = all.next();
			if (now - kept.lastUsed >= idle.toNanos()) {
				this.bytes -= kept.bytes;
				all.remove();
			}
		}
	}

	/// How many bytes of elements are kept.
	long bytes() {
		return this.bytes;
	}

	private static final class Kept {

		private final Version version;

		private final State state;

		private final long bytes;

		private long lastUsed;

		private Kept(Version version, State state, long bytes, long lastUsed) {
			this.version = version;
			this.state = state;
			this.bytes = bytes;
			this.lastUsed = lastUsed;
		}

	}

}
