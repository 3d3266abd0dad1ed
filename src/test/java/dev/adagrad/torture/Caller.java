package dev.adagrad.torture;

import java.io.IOException;

/// Calls over one connection after the other, each for as long as it lasts, and counts what comes of it.
///
/// For one thread.
final class Caller {

	private final Wires wires;

	private Wire wire;

	Caller(Wires wires) {
		this.wires = wires;
	}

	/// @throws IOException if there is no answer, or not all of it
	Answer call(Request request) throws IOException {
		connect();
		try {
			Answer answer = this.wire.call(request);
			this.wires.tally().count(answer.outcome());
			return answer;
		}
		catch (IOException ex) {
			this.wires.lost(this.wire);
			this.wire.close();
			throw ex;
		}
	}

	/// Begins to send, and is gone.
	/// @param most how many bytes of the body are sent
	/// @param byReset whether the connection ends as that of a client that dies
	void abort(Request request, long most, boolean byReset) throws IOException {
		connect();
		try {
			this.wire.send(request, most);
			if (byReset) {
				this.wire.reset();
			}
		}
		finally {
			this.wire.close();
		}
	}

	/// Sends all, waits until the answer has begun, and is gone.
	void abortAnswer(Request request) throws IOException {
		connect();
		try {
			this.wire.send(request, Long.MAX_VALUE);
			this.wire.receiveHead();
		}
		finally {
			this.wire.close();
		}
	}

	private void connect() throws IOException {
		if (this.wire == null || this.wire.isClosed()) {
			this.wire = this.wires.open();
		}
	}

}
