package dev.adagrad.session.store;

import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import dev.adagrad.caller.Quota;
import dev.adagrad.caller.Quotas;
import dev.adagrad.caller.Tenant;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;

/// How much each tenant keeps in the store, and whether it may keep more.
///
/// Only a query over all sessions of a tenant knows the amount, and that takes longer the more there are. So:
///
/// 1. A tenant without a limit is never counted, and nothing is done for a write that needs no more room.
/// 2. Otherwise the tenant is counted, at most once a second. In between, what this process has added and removed is
/// added to the last count.
/// 3. Before a call is refused, the tenant is counted again.
/// 4. Counts of one tenant take at most a twentieth of the time, however many calls ask for them.
///
/// What other processes add to the same database is seen with the next count. What was added by a transaction that is
/// rolled back counts until then.
///
/// Safe for use by any number of threads.
public final class TenantRoom {

	/// What a session takes at least: its row, with its places in indexes.
	static final long ROW_BYTES = 4096;

	/// How many bytes the sessions of a query take. Every chunk counts with its full
	/// length, the last one too.
	static final String BYTES = ROW_BYTES
			+ " + octet_length(configuration) + stored_chunks * chunk_elements * element_bytes";

	private static final String COUNT = """
			SELECT count(*), CAST(coalesce(sum(%s), 0) AS BIGINT) FROM sessions WHERE tenant = ?
			""".formatted(BYTES);

	private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

	/// The longest part of the time that counting one tenant takes is one in so many.
	private static final int MOST_OF_TIME = 20;

	private final Quotas quotas;

	private final LongSupplier nanoTime;

	private final Map<Tenant, Count> counts = new ConcurrentHashMap<>();

	/// @param nanoTime a clock that does not jump
	public TenantRoom(Quotas quotas, LongSupplier nanoTime) {
		this.quotas = quotas;
		this.nanoTime = nanoTime;
	}

	/// Lets a write pass that needs more room.
	/// @param sessions how many sessions it adds, ≥ 0
	/// @param bytes how many bytes it adds, counted as [#BYTES] does; nothing is done if
	/// it adds neither
	/// @throws Refusal if the tenant has not that much left
	void require(Database database, Tenant tenant, long sessions, long bytes) throws SQLException {
		Quota quota = this.quotas.of(tenant);
		if ((sessions <= 0 && bytes <= 0) || !quota.limitsRoom()) {
			return;
		}
		Count count = this.counts.get(tenant);
		if (count == null || age(count) > Math.max(FRESH_NANOS, count.leastAge())
				|| (!count.with(sessions, bytes).isWithin(quota) && age(count) > count.leastAge())) {
			count = count(database, tenant);
		}
		if (!count.with(sessions, bytes).isWithin(quota)) {
			throw refusal(quota, count, sessions);
		}
		add(tenant, sessions, bytes);
	}

	/// Told of a session that was removed.
	/// @param bytes what it had, counted as [#BYTES] does
	void removed(Tenant tenant, long bytes) {
		add(tenant, -1, -bytes);
	}

	private void add(Tenant tenant, long sessions, long bytes) {
		this.counts.computeIfPresent(tenant, (same, count) -> count.with(sessions, bytes));
	}

	private Count count(Database database, Tenant tenant) throws SQLException {
		long begun = this.nanoTime.getAsLong();
		Count count = database
			.one(COUNT,
					(result) -> new Count(result.getLong(1), result.getLong(2), begun,
							this.nanoTime.getAsLong() - begun),
					tenant.name())
			.orElseThrow();
		this.counts.put(tenant, count);
		return count;
	}

	private long age(Count count) {
		return this.nanoTime.getAsLong() - count.at();
	}

	private static Refusal refusal(Quota quota, Count count, long sessions) {
		boolean many = count.sessions() + sessions > quota.sessions();
		long limit = many ? quota.sessions() : quota.storedBytes();
		return Refusal
			.of(Code.QUOTA_EXCEEDED,
					(many ? "this tenant has " + count.sessions() + " sessions, and may have "
							: "the sessions of this tenant take " + Math.max(0, count.bytes())
									+ " bytes, and may take ")
							+ limit + " at most; delete some first")
			.with("limit", limit)
			.withStatus(Code.STORE_FULL.status());
	}

	/// @param at when the sessions were counted, by the clock
	/// @param nanos how long that took
	private record Count(long sessions, long bytes, long at, long nanos) {

		Count with(long more, long moreBytes) {
			return new Count(this.sessions + more, this.bytes + moreBytes, this.at, this.nanos);
		}

		boolean isWithin(Quota quota) {
			return this.sessions <= quota.sessions() && this.bytes <= quota.storedBytes();
		}

		/// How old it must be before the tenant may be counted again.
		long leastAge() {
			return this.nanos * MOST_OF_TIME;
		}

	}

}
