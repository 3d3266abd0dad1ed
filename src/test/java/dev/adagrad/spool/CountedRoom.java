package dev.adagrad.spool;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Notes what is taken of it, and what is given back, as a negative number; and keeps what is to be closed until it is
/// told that the request is over.
public final class CountedRoom implements Room {

	private final Spool spool;

	private final List<Long> calls = new ArrayList<>();

	private final List<Closeable> kept = new ArrayList<>();

	public CountedRoom(Spool spool) {
		this.spool = spool;
	}

	public List<Long> calls() {
		return this.calls;
	}

	/// What is still taken.
	public long taken() {
		return this.calls.stream().mapToLong(Long::longValue).sum();
	}

	/// Ends the request.
	public void end() throws IOException {
		for (Closeable resource : this.kept) {
			resource.close();
		}
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
		this.kept.add(resource);
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
