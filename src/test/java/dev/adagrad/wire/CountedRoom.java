package dev.adagrad.wire;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.adagrad.spool.Room;
import dev.adagrad.spool.Spool;
import dev.adagrad.spool.SpoolFile;

/// Notes what is taken of it, and what is given back, as a negative number.
final class CountedRoom implements Room {

	private final Spool spool;

	private final List<Long> calls = new ArrayList<>();

	CountedRoom(Spool spool) {
		this.spool = spool;
	}

	List<Long> calls() {
		return this.calls;
	}

	/// What is still taken.
	long taken() {
		return this.calls.stream().mapToLong(Long::longValue).sum();
	}

	@Override
	public void take(long bytes) {
		this.calls.add(bytes);
	}

	@Override
	public void giveBack(long bytes) {
		this.calls.add(-bytes);
	}

	@Override
	public void keep(Closeable resource) {
		throw new AssertionError("nothing is kept");
	}

	@Override
	public Spool lasting() {
		return this.spool;
	}

	@Override
	public SpoolFile open() throws IOException {
		return this.spool.open();
	}

}
