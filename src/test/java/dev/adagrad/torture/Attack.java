package dev.adagrad.torture;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Clients that do their worst until they are told to end. They take little memory, whatever they send: bodies are made
/// while they are sent, answers are thrown away.
///
/// There may be no fewer file descriptors than clients, here and at the server.
final class Attack {

	/// Of a million elements, for those who ask for it.
	static final String HELD_SESSION = "torture-held";

	private static final long PAUSE_MILLIS = 20;

	private final Wires wires;

	private final List<SessionAttacker> sessions = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private Attack(InetSocketAddress address) {
		this.wires = new Wires(address);
	}

	/// @throws IOException if the server does not do what the attack needs before it
	/// begins
	static Attack begin(InetSocketAddress address, AttackKind kind, int clients) throws IOException {
		Attack attack = new Attack(address);
		if (kind == AttackKind.SLOW_READERS) {
			SlowReader.prepare(new Wires(address), HELD_SESSION);
		}
		String names = "torture-" + Long.toHexString(System.nanoTime()) + "-";
		for (int i = 0; i < clients; i++) {
			SessionAttacker session = new SessionAttacker(attack.wires, names + i, new SplittableRandom(-i));
			attack.sessions.add(session);
			Attacker attacker = kind.attacker(attack.wires, i, session);
			attack.threads.add(Thread.ofVirtual().start(() -> attack.run(attacker)));
		}
		return attack;
	}

	private void run(Attacker attacker) {
		try {
			while (!this.wires.isEnded()) {
				try {
					attacker.attack();
				}
				catch (IOException ex) {
					// counted already; who has no connection does not spin
					Thread.sleep(PAUSE_MILLIS);
				}
			}
		}
		catch (InterruptedException | RuntimeException | Error ex) {
			this.failures.add(ex);
		}
	}

	/// Ends all connections, whatever is under way, and waits for the clients.
	void end() throws InterruptedException {
		this.wires.end();
		for (Thread thread : this.threads) {
			thread.join();
		}
	}

	Tally tally() {
		return this.wires.tally();
	}

	/// After the end: that no answer was wrong, and no step of a session is lost or
	/// doubled.
	/// @throws AssertionError if one is
	void verify(InetSocketAddress address) throws IOException {
		for (Throwable failure : this.failures) {
			throw new AssertionError("of " + this.failures.size() + " clients that failed", failure);
		}
		Wires calm = new Wires(address);
		Caller caller = new Caller(calm);
		for (SessionAttacker session : this.sessions) {
			session.verify(caller);
		}
		calm.end();
	}

}
