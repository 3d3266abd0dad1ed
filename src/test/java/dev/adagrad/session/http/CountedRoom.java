package dev.adagrad.session.http;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.adagrad.spool.Room;
import dev.adagrad.spool.Spool;
import dev.adagrad.spool.SpoolFile;

/// Notes what is taken of it, and what is given back, as a negative number; and keeps what is to be closed until it is
/// told that the request is over.
final class CountedRoom implements Room {

	private final Spool spool;

	private final List<Long> calls = new ArrayList<>();

	private final List<Closeable> kept = new ArrayList<>();

	CountedRoom(Spool spool) {
		this.spool = spool;
	}

	List<Long> calls() {
		return this.calls;
	}

	/// Ends the request.
	void end() throws IOException {
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
