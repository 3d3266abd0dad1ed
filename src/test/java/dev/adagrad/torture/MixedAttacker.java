package dev.adagrad.torture;

import java.io.IOException;
import java.util.SplittableRandom;

/// All kinds of large requests, some in chunks, some broken off while they are sent or answered.
final class MixedAttacker implements Attacker {

	private final SessionAttacker session;

	private final Caller caller;

	private final SplittableRandom random;

	MixedAttacker(Wires wires, SessionAttacker session, SplittableRandom random) {
		this.session = session;
		this.caller = new Caller(wires);
		this.random = random;
	}

	@Override
	public void attack() throws IOException {
		Request request = StepAttacker.ALL.get(this.random.nextInt(StepAttacker.ALL.size()))
			.sent(this.random.nextBoolean(), this.random.nextBoolean());
		switch (this.random.nextInt(8)) {
			case 0 ->
				this.caller.abort(request, this.random.nextLong(request.body().length()), this.random.nextBoolean());
			case 1 -> this.caller.abortAnswer(request);
			case 2, 3, 4 -> this.session.attack();
			default -> this.caller.call(request);
		}
	}

}
