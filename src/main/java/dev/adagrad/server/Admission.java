package dev.adagrad.server;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import dev.adagrad.spool.OverloadedException;

import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/// Keeps the memory of all requests under way, together, below `adagrad.limits.max-inflight`, so that what is too much is
/// refused one by one instead of taking the heap away from the server itself. Two parts of it are kept back:
///
/// 1. an eighth, for small requests, see [RequestRoom#isSmall]: large ones cannot keep them out, those of the same client
/// neither;
/// 2. a quarter (`adagrad.limits.max-inflight-per-client`), for all other clients: none can keep the others out. A client
/// is the address that its connection comes from, or that a trusted proxy has told.
///
/// When only an eighth of either is left, each request that comes ends one that has waited for its client to send more:
/// the one that has waited longest, if that is a second or more. So many that send next to nothing keep nobody out.
///
/// A request takes as its numbers come and not as they are announced, so whoever announces much and sends little holds
/// little.
///
/// Safe for use by any number of threads.
@Component
class Admission {

	private static final long LEAST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final long most;

	private final long mostOfLarge;

	private final long mostOfClient;

	private final long mostOfClientsLarge;

	private final Set<RequestRoom> rooms = new HashSet<>();

	private final Map<String, Long> largeByClient = new HashMap<>();

	private final Map<String, Long> byClient = new HashMap<>();

	private long taken;

	private long takenByLarge;

	Admission(LimitsProperties limits) {
		this.most = limits.maxInflight().toBytes();
		this.mostOfLarge = this.most - this.most / 8;
		this.mostOfClient = Math.min(this.most, limits.maxInflightPerClient().toBytes());
		this.mostOfClientsLarge = this.mostOfClient - this.mostOfClient / 8;
	}

	/// Lets a request have another amount than before.
	/// @param before what it had, ≥ 0
	/// @param beforeLarge the same if it was large, else 0
	/// @param after what it is to have, ≥ 0
	/// @param afterLarge the same if it is to be large, else 0
	/// @throws OverloadedException if that is more, and others hold too much; then it has
	/// what it had
	synchronized void change(String client, long before, long beforeLarge, long after, long afterLarge) {
		long more = after - before;
		long moreOfLarge = afterLarge - beforeLarge;
		if (more > 0) {
			require(this.taken + more, this.most, after);
			require(this.byClient.getOrDefault(client, 0L) + more, this.mostOfClient, after);
		}
		if (moreOfLarge > 0) {
			require(this.takenByLarge + moreOfLarge, this.mostOfLarge, after);
			require(this.largeByClient.getOrDefault(client, 0L) + moreOfLarge, this.mostOfClientsLarge, after);
		}
		this.taken += more;
		this.takenByLarge += moreOfLarge;
		add(this.byClient, client, more);
		add(this.largeByClient, client, moreOfLarge);
	}

	private static void add(Map<String, Long> byClient, String client, long more) {
		if (more != 0) {
			byClient.merge(client, more, (old, added) -> (old + added != 0) ? Long.valueOf(old + added) : null);
		}
	}

	/// A request has come, and its room is open. Ends another, if there is little room
	/// left.
	synchronized void opened(RequestRoom room) {
		this.rooms.add(room);
		if (this.byClient.getOrDefault(room.client(), 0L) > this.mostOfClientsLarge) {
			makeWay((other) -> other.client().equals(room.client()));
		}
		else if (this.taken > this.mostOfLarge) {
			makeWay((other) -> true);
		}
	}

	private void makeWay(Predicate<RequestRoom> among) {
		this.rooms.stream()
			.filter((room) -> room.turn().nanosWithoutClient() >= LEAST_WAIT_NANOS && !room.turn().isGivenUp())
			.filter(among)
			.max(Comparator.comparingLong((room) -> room.turn().nanosWithoutClient()))
			.ifPresent((room) -> room.turn().giveUp());
	}

	/// A request is over.
	synchronized void closed(RequestRoom room) {
		this.rooms.remove(room);
	}

	private void require(long together, long bound, long alone) {
		if (alone > bound) {
			throw new OverloadedException("this request needs more memory than the server has for requests: "
					+ DataSize.ofBytes(bound).toKilobytes() + " KB (adagrad.limits.max-inflight)");
		}
		if (together > bound) {
			throw new OverloadedException("other requests leave no room for this one now");
		}
	}

}
