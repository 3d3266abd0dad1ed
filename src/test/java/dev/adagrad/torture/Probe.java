package dev.adagrad.torture;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

import static dev.adagrad.Json.json;

/// A client as others have one, beside an attack: the same call ten times a second.
///
/// On a thread of the system, so that it does not wait for the attackers.
final class Probe {

	static final Request STEP = Request.of("POST", "/adagrad/step",
			Body.json(json("{'parameter':[1,2,3],'grad':[0.1,0.2,0.3],'G':[0,0,0]}")));

	static final Request LIVENESS = Request.get("/actuator/health/liveness", "*/*");

	private static final long EVERY_NANOS = 100_000_000;

	private static final int PATIENCE_MILLIS = 10_000;

	private final String name;

	private final Wires wires;

	private final Request request;

	private final boolean fresh;

	private final List<Long> nanos = new ArrayList<>();

	private final Thread thread;

	private Probe(String name, InetSocketAddress address, Request request, boolean fresh) {
		this.name = name;
		this.wires = new Wires(address);
		this.request = request;
		this.fresh = fresh;
		this.thread = Thread.ofPlatform().start(this::run);
	}

	/// Steps and liveness, on one connection that is kept and on a new one each time.
	static List<Probe> beginAll(InetSocketAddress address) {
		return List.of(new Probe("step, kept connection", address, STEP, false),
				new Probe("step, new connection", address, STEP, true),
				new Probe("liveness, kept connection", address, LIVENESS, false),
				new Probe("liveness, new connection", address, LIVENESS, true));
	}

	private void run() {
		Wire wire = null;
		while (!this.wires.isEnded()) {
			long begun = System.nanoTime();
			try {
				if (wire == null || wire.isClosed()) {
					wire = this.wires.open();
					wire.waitAtMost(PATIENCE_MILLIS);
				}
				try {
					this.wires.tally().count(wire.call(this.request).outcome());
				}
				catch (IOException ex) {
					this.wires.lost(wire);
				}
				if (this.fresh) {
					wire.close();
				}
			}
			catch (IOException ex) {
				// counted
			}
			long taken = System.nanoTime() - begun;
			this.nanos.add(taken);
			LockSupport.parkNanos(EVERY_NANOS - taken);
		}
	}

	void end() throws InterruptedException {
		this.wires.end();
		this.thread.join();
	}

	Tally tally() {
		return this.wires.tally();
	}

	/// After the end.
	@Override
	public String toString() {
		long[] sorted = this.nanos.stream().mapToLong(Long::longValue).toArray();
		Arrays.sort(sorted);
		return String.format(Locale.ROOT, "%s: p50 %.1f ms, p99 %.1f, longest %.1f; %s", this.name, millis(sorted, 0.5),
				millis(sorted, 0.99), millis(sorted, 1), this.wires.tally());
	}

	private static double millis(long[] sorted, double share) {
		return (sorted.length > 0) ? sorted[(int) Math.ceil(share * (sorted.length - 1))] / 1e6 : Double.NaN;
	}

}
