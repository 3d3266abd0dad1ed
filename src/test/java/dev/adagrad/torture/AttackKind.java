package dev.adagrad.torture;

import java.util.SplittableRandom;

/// How a crowd of clients, or one alone, tries to take a service away from the others.
enum AttackKind {

	/// Steps of 24 MB of the shortest numbers: in memory they are four times as large.
	JSON_ZEROS(100),

	/// Steps of 24 MB of the longest numbers.
	JSON_DIGITS(100),

	/// Steps of 24 MB of F64.
	SAFETENSORS(100),

	/// Everything that can be done with sessions of a million elements.
	SESSIONS(100),

	/// All of these, some in chunks, some broken off.
	MIXED(100),

	/// Bodies of a byte now and then, half of them announced as 200 MB.
	SLOW_BODIES(2000),

	/// Requests whose headers never end.
	HALF_HEADERS(2000),

	/// Answers of 16 MB of which some bytes a second are read.
	SLOW_READERS(500),

	/// One client that announces 200 MB and sends eight bytes.
	ONE_SLOW_BODY(1);

	private final int clients;

	AttackKind(int clients) {
		this.clients = clients;
	}

	/// How many clients it takes.
	int clients() {
		return this.clients;
	}

	/// Whether its clients send as fast as they can; the others hold what they have got.
	boolean isFast() {
		return this.clients == 100;
	}

	/// One of the clients, but not what an attack on sessions keeps account of.
	Attacker attacker(Wires wires, int number, SessionAttacker session) {
		SplittableRandom random = new SplittableRandom(number);
		return switch (this) {
			case JSON_ZEROS -> new StepAttacker(wires, StepAttacker.ZEROS, random);
			case JSON_DIGITS -> new StepAttacker(wires, StepAttacker.DIGITS, random);
			case SAFETENSORS -> new StepAttacker(wires, StepAttacker.TENSORS, random);
			case SESSIONS -> session;
			case MIXED -> new MixedAttacker(wires, session, random);
			case SLOW_BODIES -> (number % 2 == 0) ? SlowBody.inChunks(wires) : SlowBody.announced(wires);
			case HALF_HEADERS -> SlowBody.halfHeader(wires);
			case SLOW_READERS ->
				new SlowReader(wires, Attack.HELD_SESSION, (number % 2 == 0) ? Body.SAFETENSORS : Body.JSON);
			case ONE_SLOW_BODY -> SlowBody.announced(wires);
		};
	}

}
