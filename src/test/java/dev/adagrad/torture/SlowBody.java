package dev.adagrad.torture;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/// Begins a request, and goes on by a byte now and then: a connection that costs its owner nothing, for as long as the
/// server lets it stay.
final class SlowBody implements Attacker {

	private final Wires wires;

	private final String begin;

	private final String more;

	private final Duration every;

	private final int times;

	/// @param begin what is sent at once
	/// @param more what is sent later, again and again
	/// @param every how long it waits between
	/// @param times how often; then nothing more is sent
	SlowBody(Wires wires, String begin, String more, Duration every, int times) {
		this.wires = wires;
		this.begin = begin;
		this.more = more;
		this.every = every;
		this.times = times;
	}

	/// A chunk of one byte every ten seconds.
	static SlowBody inChunks(Wires wires) {
		return new SlowBody(wires, head("Transfer-Encoding: chunked\r\n\r\n"), "1\r\n \r\n", Duration.ofSeconds(10),
				Integer.MAX_VALUE);
	}

	/// Tells of 200 MB and sends eight bytes, one every five seconds.
	static SlowBody announced(Wires wires) {
		return new SlowBody(wires, head("Content-Length: 200000000\r\n\r\n"), " ", Duration.ofSeconds(5), 8);
	}

	/// A header that never ends.
	static SlowBody halfHeader(Wires wires) {
		return new SlowBody(wires, head("X-Slow: a"), "a", Duration.ofSeconds(5), Integer.MAX_VALUE);
	}

	private static String head(String end) {
		return "POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + end;
	}

	@Override
	public void attack() throws IOException {
		try (Wire wire = this.wires.open()) {
			try {
				wire.waitAtMost((int) this.every.toMillis());
				wire.sendRaw(this.begin);
				int sent = 0;
				while (!this.wires.isEnded()) {
					try {
						String outcome = wire.receive().outcome();
						if (!this.wires.isEnded()) {
							// else it is what the end itself was answered
							this.wires.tally().count(outcome);
						}
						return;
					}
					catch (SocketTimeoutException ex) {
						if (sent++ < this.times) {
							wire.sendRaw(this.more);
						}
					}
				}
			}
			catch (IOException ex) {
				this.wires.lost(wire);
				throw ex;
			}
		}
	}

}
