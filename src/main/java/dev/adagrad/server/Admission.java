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

/// Keeps the memory of all requests under way below `adagrad.limits.max-inflight`: what is too much is refused, one by
/// one, and the server keeps the heap that it needs itself. Two parts are kept back:
///
/// 1. an eighth for small requests, see [RequestRoom#isSmall], so that large ones cannot keep them out;
/// 2. a quarter (`adagrad.limits.max-inflight-per-client`) for other clients, so that no client can keep the others
/// out. A client is the address of its connection, or the one that a trusted proxy tells.
///
/// When only an eighth of either is left, each request that comes ends the one that has waited longest for its client,
/// if that is a second or more. So many clients that send next to nothing keep nobody out.
///
/// A request takes memory as its numbers come, not as they are announced: who announces much and sends little holds
/// little. But what a large one has announced is kept free for it once its body comes, or many that each hold a part
/// would keep each other from ending. So a newcomer is refused, before it has sent much.
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

	/// The most that large requests of one client take together.
	long mostOfClientsLarge() {
		return this.mostOfClientsLarge;
	}

	/// Lets a request have another amount than before.
	/// @param before what it had, ≥ 0
	/// @param after what it is to have, ≥ 0
	/// @param reserved what is to be kept free for it, at least as much, if it is large;
	/// else 0
	/// @throws Refusal if that is more, and others hold too much; then it has what it had
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

	/// A request was refused: when it comes again, another shall have made way, one of
	/// the same client if there is one.
	synchronized void refused(String client) {
		if (!makeWay((other) -> other.client().equals(client))) {
			makeWay((other) -> true);
		}
	}

	/// There is no connection left for a new client.
	/// @return whether a request makes way, and so ends its own soon
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

	/// Whether the client of a request, of which more is to come, has sent nothing for a
	/// while.
	static boolean isSilent(RequestRoom room) {
		return room.turn().nanosWithoutClient() >= LEAST_WAIT_NANOS;
	}

	/// A request is over.
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
