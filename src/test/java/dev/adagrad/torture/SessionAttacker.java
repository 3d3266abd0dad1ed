package dev.adagrad.torture;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

import static dev.adagrad.Json.json;

/// Does all that can be done with one session of a million elements, and keeps account of which step it must be at.
///
/// What was not answered may have been applied, and if its connection is gone, later still: so the account is a range.
/// A refusal was not applied, but for 503 `store-unavailable`, of which nobody knows.
final class SessionAttacker implements Attacker {

	private static final int SIZE = 1_000_000;

	private static final int TOUCHED = 1000;

	private static final Body CREATION = Body.json(json("{'size':") + SIZE + json(",'initial_parameter_value':0}"));

	private static final List<Body> DENSE = List.of(Body.tensors("", SIZE, "grad"),
			Body.jsonArrays("0.5,", SIZE, "grad"));

	private final String name;

	private final Caller caller;

	private final SplittableRandom random;

	private int lives;

	private boolean created;

	private long least;

	private long most;

	/// @param name what its sessions' ids begin with, and no other's
	SessionAttacker(Wires wires, String name, SplittableRandom random) {
		this.name = name;
		this.caller = new Caller(wires);
		this.random = random;
	}

	@Override
	public void attack() throws IOException {
		if (!this.created) {
			create();
			return;
		}
		switch (this.random.nextInt(24)) {
			case 0, 1, 2, 3, 4, 5, 6, 7 -> step(DENSE.get(this.random.nextInt(DENSE.size())));
			case 8, 9, 10, 11, 12, 13 -> step(sparse());
			case 14 -> this.caller.abort(request("POST", "/step", DENSE.getFirst()),
					this.random.nextLong(DENSE.getFirst().length()), this.random.nextBoolean());
			case 15, 16 -> read(Request.get(path() + "/state", Body.SAFETENSORS));
			case 17 -> read(Request.get(path() + "/state", Body.JSON));
			case 18, 19, 20 ->
				read(request("POST", "/state/lookup", Body.json(json("{'indices':[") + indices() + "]}")));
			case 21, 22 -> restore();
			default -> delete();
		}
	}

	private String path() {
		return "/adagrad/sessions/" + this.name + "-" + this.lives;
	}

	private Request request(String method, String suffix, Body body) {
		return Request.of(method, path() + suffix, body).sent(this.random.nextBoolean(), this.random.nextBoolean());
	}

	private String indices() {
		return this.random.ints(TOUCHED, 0, SIZE)
			.distinct()
			.mapToObj(Integer::toString)
			.collect(Collectors.joining(","));
	}

	private Body sparse() {
		String indices = indices();
		long count = indices.chars().filter((character) -> character == ',').count();
		return Body.json(json("{'indices':[") + indices + json("],'grad':[") + "0.25,".repeat((int) count) + "0.25]}");
	}

	/// The same again creates nothing.
	private void create() throws IOException {
		int status = this.caller.call(request("PUT", "", CREATION)).status();
		this.created = status == 200 || status == 201;
	}

	private void step(Body body) throws IOException {
		this.most++;
		Answer answer = this.caller.call(request("POST", "/step", body));
		if (answer.status() == 200) {
			long step = answer.version();
			requireInRange("a step was answered", step, this.least + 1);
			this.least = step;
		}
		else if (!answer.outcome().equals("503 store-unavailable")) {
			this.most--;
		}
	}

	private void read(Request request) throws IOException {
		Answer answer = this.caller.call(request);
		if (answer.status() == 200 && request.method().equals("GET")) {
			requireInRange("the state was told", answer.version(), this.least);
			this.least = answer.version();
		}
	}

	/// To the step it is at for sure.
	private void restore() throws IOException {
		change(request("PUT", "/state", Body.tensors(json("'step':'") + this.least + "\"", SIZE, "G", "parameter")));
	}

	private void delete() throws IOException {
		if (change(request("DELETE", "", Body.NONE)) == 204) {
			forget();
		}
	}

	/// Changes what nobody could keep account of if it happened later.
	private int change(Request request) throws IOException {
		boolean known = false;
		try {
			Answer answer = this.caller.call(request);
			known = !answer.outcome().equals("503 store-unavailable");
			return answer.status();
		}
		finally {
			if (!known) {
				forget();
			}
		}
	}

	/// The next session has another id.
	private void forget() {
		this.lives++;
		this.created = false;
		this.least = 0;
		this.most = 0;
	}

	private void requireInRange(String what, long step, long least) {
		if (step < least || step > this.most) {
			throw new AssertionError(
					what + " as " + step + ", and must be " + least + " to " + this.most + ": " + path());
		}
	}

	/// After the attack: no step is lost, and none is doubled.
	/// @param calm a server that answers
	/// @throws AssertionError if one is
	void verify(Caller calm) throws IOException {
		if (this.created) {
			Answer answer = calm.call(new Request("GET", path(), Body.NONE, Map.of(), false, false));
			if (answer.status() != 200) {
				throw new AssertionError(path() + ": " + answer);
			}
			requireInRange("after the attack the step is told", answer.step(), this.least);
		}
	}

	long steps() {
		return this.least;
	}

}
