package dev.adagrad.torture;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import static dev.adagrad.Json.json;

/// Whether a service is well at once when an attack is over: a step, a look at its health, and a step of a session.
final class Recovery {

	private static final long PAUSE_NANOS = 20_000_000;

	private static final String SESSION = "/adagrad/sessions/torture-recovery";

	private static final List<Request> REQUESTS = List.of(Probe.STEP, Probe.LIVENESS,
			Request.of("POST", SESSION + "/step", Body.json(json("{'grad':[1,1,1]}"))));

	/// How long a service has to be well again.
	static final Duration PROMPTLY = Duration.ofSeconds(2);

	/// A service that takes as long as this is dead.
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private Recovery() {
	}

	/// Before the attack: creates the session, if it is not there.
	static void prepare(InetSocketAddress address) throws IOException {
		Answer answer = new Caller(new Wires(address))
			.call(Request.of("PUT", SESSION, Body.json(json("{'parameter':[1,2,3]}"))));
		if (answer.status() >= 300) {
			throw new IOException(answer.toString());
		}
	}

	/// Calls until each was answered with 200.
	/// @return how long that took
	/// @throws AssertionError if it takes half a minute; says what came instead
	static Duration await(InetSocketAddress address) {
		long begun = System.nanoTime();
		Wires wires = new Wires(address);
		int done = 0;
		while (done < REQUESTS.size()) {
			Duration taken = Duration.ofNanos(System.nanoTime() - begun);
			if (taken.compareTo(PATIENCE) > 0) {
				throw new AssertionError("not well " + PATIENCE + " after the attack: no 200 for "
						+ REQUESTS.get(done).path() + ", but " + wires.tally());
			}
			try (Wire wire = wires.open()) {
				wire.waitAtMost((int) PATIENCE.minus(taken).toMillis() + 1);
				String outcome = wire.call(REQUESTS.get(done)).outcome();
				wires.tally().count(outcome);
				if (outcome.equals("200")) {
					done++;
				}
			}
			catch (IOException ex) {
				wires.tally().count(ex.toString());
				LockSupport.parkNanos(PAUSE_NANOS);
			}
		}
		return Duration.ofNanos(System.nanoTime() - begun);
	}

}
