package dev.adagrad.torture;

import java.io.IOException;

import static dev.adagrad.Json.json;

/// Asks for 16 MB, and reads of them so slowly that it takes weeks.
final class SlowReader implements Attacker {

	private static final int SIZE = 1_000_000;

	private static final int RECEIVE_BUFFER_BYTES = 4096;

	private static final int PAUSE_MILLIS = 1000;

	private static final int READ_BYTES = 8;

	private final Wires wires;

	private final Request request;

	/// @param session an id that [#prepare] was called with
	SlowReader(Wires wires, String session, String accept) {
		this.wires = wires;
		this.request = Request.get("/adagrad/sessions/" + session + "/state", accept);
	}

	/// Creates the session whose state is asked for, if it is not there.
	static void prepare(Wires wires, String session) throws IOException {
		Answer answer = new Caller(wires).call(Request.of("PUT", "/adagrad/sessions/" + session,
				Body.json(json("{'size':") + SIZE + json(",'initial_parameter_value':0}"))));
		if (answer.status() >= 300) {
			throw new IOException(answer.toString());
		}
	}

	@Override
	public void attack() throws IOException {
		try (Wire wire = this.wires.open(RECEIVE_BUFFER_BYTES)) {
			try {
				wire.send(this.request, 0);
				String head = wire.receiveHead();
				if (new Answer(head, "").status() != 200) {
					this.wires.tally().count(wire.receiveBody(head).outcome());
					return;
				}
				this.wires.tally().count("200");
				while (!this.wires.isEnded()) {
					wire.skip(READ_BYTES);
					Thread.sleep(PAUSE_MILLIS);
				}
			}
			catch (IOException ex) {
				this.wires.lost(wire);
				throw ex;
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

}
