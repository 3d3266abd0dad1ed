package dev.adagrad.torture;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;

/// Sends stateless steps of 24 MB without a pause.
final class StepAttacker implements Attacker {

	static final Request ZEROS = step(Body.jsonArrays("0,", 4_000_000, "parameter", "grad", "G"));

	static final Request DIGITS = step(Body.jsonArrays("0.12345678901234567,", 400_000, "parameter", "grad", "G"));

	static final Request TENSORS = step(Body.tensors("", 1_000_000, "parameter", "grad", "G"));

	static final List<Request> ALL = List.of(ZEROS, DIGITS, TENSORS);

	private final Request request;

	private final Caller caller;

	private final SplittableRandom random;

	StepAttacker(Wires wires, Request request, SplittableRandom random) {
		this.request = request;
		this.caller = new Caller(wires);
		this.random = random;
	}

	private static Request step(Body body) {
		return Request.of("POST", "/adagrad/step", body);
	}

	@Override
	public void attack() throws IOException {
		this.caller.call(this.request.sent(false, this.random.nextBoolean()));
	}

}
