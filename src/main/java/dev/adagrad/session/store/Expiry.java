package dev.adagrad.session.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;

/// Removes expired sessions, but only after an operator has had time to notice that a clock was wrong.
///
/// A session is hidden as soon as its time has come by the database's clock. Anybody may set that clock, so it does not
/// decide when the session is removed:
///
/// 1. A sweep that finds a session expired marks it with the time of another clock, `store_clock`.
/// 2. That clock runs only while a service is looking, by the service's monotonic time. All services of a database
/// share it.
/// 3. A session that is marked, and is not expired any more, loses its mark.
/// 4. A session that has been marked for the whole grace period is removed.
///
/// So no jump of any clock, forward or back, removes a session. A session that a jump has hidden is there again when
/// the clock is right, or when it is revived.
///
/// To be used by one thread.
public final class Expiry {

	private static final int SESSIONS = 100;

	/// How often the clock is written if nothing else is.
	private static final Duration MOST_UNWRITTEN = Duration.ofMinutes(1);

	private final Dialect dialect;

	/// The condition that a session has expired.
	private final String expired;

	private final Journal journal;

	private final long graceMillis;

	private final LongSupplier nanoTime;

	/// When this looked last, by its own clock, and what the shared clock showed then.
	private long lastNanos;

	private long lastObserved;

	/// @param journal told of each session that is removed
	/// @param grace how long an expired session is kept
	/// @param nanoTime a clock that does not jump
	public Expiry(Dialect dialect, Journal journal, Duration grace, LongSupplier nanoTime) {
		this.journal = journal;
		this.graceMillis = grace.toMillis();
		this.nanoTime = nanoTime;
		this.lastNanos = nanoTime.getAsLong();
		this.lastObserved = Long.MAX_VALUE;
		this.dialect = dialect;
		this.expired = "expires_at <= " + dialect.now;
	}

	/// Marks sessions that have expired, and removes some whose grace period is over.
	/// @return whether there may be more
	public boolean removePortion(Database database) throws SQLException {
		boolean marked = database
			.one("SELECT session_key FROM sessions WHERE expired_since IS NOT NULL LIMIT 1", (result) -> true)
			.isPresent();
		boolean unmarked = database
			.one("SELECT session_key FROM sessions WHERE expired_since IS NULL AND %s LIMIT 1".formatted(this.expired),
					(result) -> true)
			.isPresent();
		long elapsed = (this.nanoTime.getAsLong() - this.lastNanos) / 1_000_000;
		if (!marked && !unmarked) {
			this.lastNanos += elapsed * 1_000_000;
			this.lastObserved = Long.MAX_VALUE;
			return false;
		}
		if (!unmarked && elapsed < Math.min(MOST_UNWRITTEN.toMillis(), this.graceMillis / 4)) {
			return false;
		}
		long observed = observe(database, elapsed);
		database
			.update("UPDATE sessions SET expired_since = NULL WHERE expired_since IS NOT NULL AND NOT " + this.expired);
		database.update("UPDATE sessions SET expired_since = ? WHERE expired_since IS NULL AND " + this.expired,
				observed);
		List<Due> due = database.all(
				"SELECT shard, session_key FROM sessions WHERE expired_since <= ? AND %s LIMIT ?"
					.formatted(this.expired),
				(result) -> new Due(result.getInt(1), result.getLong(2)), observed - this.graceMillis, SESSIONS);
		for (Due each : due) {
			if (database.update("DELETE FROM sessions WHERE shard = ? AND session_key = ? AND " + this.expired,
					each.shard(), each.key()) == 1) {
				database.update(SessionSql.DISCARD, each.shard(), each.key());
				this.journal.removed(each.key());
			}
		}
		return due.size() == SESSIONS;
	}

	/// Sets the shared clock forward by the time that has passed here, less what other
	/// services have added.
	private long observe(Database database, long elapsed) throws SQLException {
		long shown = database
			.one("SELECT observed FROM store_clock " + this.dialect.forUpdate, (result) -> result.getLong(1))
			.orElseThrow();
		// at the first look it is not known whether others have counted the time that has
		// passed
		long others = (this.lastObserved == Long.MAX_VALUE) ? elapsed : Math.max(0, shown - this.lastObserved);
		long observed = shown + Math.max(0, elapsed - others);
		database.update("UPDATE store_clock SET observed = ?", observed);
		this.lastNanos += elapsed * 1_000_000;
		this.lastObserved = observed;
		return observed;
	}

	/// Expired sessions that are not removed yet, in the order in which they expired.
	public List<ManagedStore.Expired> list(Database database, int limit) throws SQLException {
		return database.all(
				"SELECT tenant, id, expires_at FROM sessions WHERE %s ORDER BY expires_at LIMIT ?"
					.formatted(this.expired),
				(result) -> new ManagedStore.Expired(result.getString(1), result.getString(2),
						Instant.ofEpochMilli(result.getLong(3))),
				limit);
	}

	private record Due(int shard, long key) {

	}

}
