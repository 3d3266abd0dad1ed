package dev.adagrad.spool;

import java.io.Closeable;
import java.io.IOException;

/// Files alone: memory is not counted, and nothing is closed.
public record UncountedRoom(Spool lasting) implements Room {

	@Override
	public void take(long bytes) {
	}

	@Override
	public void giveBack(long bytes) {
	}

	@Override
	public SpoolFile open() throws IOException {
		return this.lasting.open();
	}

	@Override
	public void keep(Closeable resource) {
	}

}
