package dev.adagrad.server;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;

import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/// Keeps the memory of all requests under way below `adagrad.limits.max-inflight`. Requests beyond it are refused one
/// by one, so that the server keeps the heap that it needs itself. Two parts are kept back:
///
/// 1. an eighth for small requests, see [RequestRoom#reserved], so that large ones cannot keep them out;
/// 2. a quarter (`adagrad.limits.max-inflight-per-client`) for other clients, so that no client can keep the others
/// out. A client is the address of its connection, or the address that a trusted proxy reports.
///
/// When only an eighth of either is left, each new request ends the one that has waited longest for its client, if it
/// has waited for a second or more. So many clients that send almost nothing cannot keep others out.
///
/// A request takes memory when its numbers arrive, not when it announces them: a client that announces much and sends
/// little holds little. But once the body of a large request comes, the memory that it announced is kept free for it.
/// Otherwise many requests that each hold a part would keep each other from ending. So a new request is refused before
/// it has sent much.
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

	private final Map<String, Long> byClient = new HashMap<>();

	private long taken;

	Admission(LimitsProperties limits) {
		this.most = limits.maxInflight().toBytes();
		this.mostOfLarge = this.most - this.most / 8;
		this.mostOfClient = Math.min(this.most, limits.maxInflightPerClient().toBytes());
		this.mostOfClientsLarge = this.mostOfClient - this.mostOfClient / 8;
	}

	/// The largest amount that the large requests of one client take together.
	long mostOfClientsLarge() {
		return this.mostOfClientsLarge;
	}

	/// Changes the amount that a request has.
	/// @param before what it had, ≥ 0
	/// @param after what it will have, ≥ 0
	/// @param reserved what to keep free for it, at least `after`, if it is large; else
	/// 0
	/// @throws Refusal if that is more than before and others hold too much; then the
	/// request keeps what it had
	synchronized void change(RequestRoom room, long before, long after, long reserved) {
		long more = after - before;
		if (more > 0) {
			require(this.taken + more, this.most, after);
			require(this.byClient.getOrDefault(room.client(), 0L) + more, this.mostOfClient, after);
			if (reserved > 0) {
				requireBesideOthers(room, after, reserved);
			}
		}
		this.taken += more;
		this.byClient.merge(room.client(), more, (old, added) -> (old + added != 0) ? Long.valueOf(old + added) : null);
	}

	private void requireBesideOthers(RequestRoom room, long after, long reserved) {
		long ofAll = reserved;
		long ofClient = reserved;
		for (RequestRoom other : this.rooms) {
			long ofOther = (other != room) ? other.reserved() : 0;
			ofAll += ofOther;
			ofClient += other.client().equals(room.client()) ? ofOther : 0;
		}
		require(ofAll, this.mostOfLarge, after);
		require(ofClient, this.mostOfClientsLarge, after);
	}

	/// Called when a request has come and its room is open. Ends another request if
	/// little room is left.
	synchronized void opened(RequestRoom room) {
		this.rooms.add(room);
		if (this.byClient.getOrDefault(room.client(), 0L) > this.mostOfClientsLarge) {
			makeWay((other) -> other.client().equals(room.client()));
		}
		else if (this.taken > this.mostOfLarge) {
			makeWay((other) -> true);
		}
	}

	/// Called when a request was refused. Makes another one give way, so that there is
	/// room when the refused one comes again; one of the same client if there is one.
	synchronized void refused(String client) {
		if (!makeWay((other) -> other.client().equals(client))) {
			makeWay((other) -> true);
		}
	}

	/// Called when no connection is left for a new client.
	/// @return whether a request gives way, and so will soon end its connection
	synchronized boolean makeWay() {
		return makeWay((other) -> true);
	}

	private boolean makeWay(Predicate<RequestRoom> among) {
		Optional<RequestRoom> silent = this.rooms.stream()
			.filter((room) -> isSilent(room) && !room.turn().isGivenUp())
			.filter(among)
			.max(Comparator.comparingLong((room) -> room.turn().nanosWithoutClient()));
		silent.ifPresent((room) -> room.turn().giveUp());
		return silent.isPresent();
	}

	/// Whether the client has sent nothing for a while although more of its request must
	/// come.
	static boolean isSilent(RequestRoom room) {
		return room.turn().nanosWithoutClient() >= LEAST_WAIT_NANOS;
	}

	/// Called when a request is over.
	synchronized void closed(RequestRoom room) {
		this.rooms.remove(room);
	}

	private void require(long together, long bound, long alone) {
		if (alone > bound) {
			throw Refusal.of(Code.OVERLOADED, "this request needs more memory than the server has for requests: "
					+ DataSize.ofBytes(bound).toKilobytes() + " KB (adagrad.limits.max-inflight)");
		}
		if (together > bound) {
			throw Refusal.of(Code.OVERLOADED, "other requests leave no room for this one now");
		}
	}

}
