package dev.adagrad.spool;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.tensor.Memory;

/// A temporary file. It is first written from beginning to end and then read, at any place and any number of times.
/// Closing gives its room back.
///
/// Only one thread at a time may write it. Any number of threads may read what has been written.
public final class SpoolFile implements Closeable {

	/// The JDK copies each transfer through memory outside of the heap, as much as it is
	/// given at once, and keeps that memory for each thread.
	private static final int MOST_AT_ONCE = 64 * 1024;

	private final FileChannel channel;

	private final Memory disk;

	private long size;

	private long taken;

	private boolean closed;

	/// @param disk told how many bytes are written, and when the file closes
	SpoolFile(FileChannel channel, Memory disk) {
		this.channel = channel;
		this.disk = disk;
	}

	/// The number of bytes written so far.
	public long size() {
		return this.size;
	}

	/// Appends the remaining bytes of a buffer to the file.
	/// @throws Refusal if there is no room, or a bound is reached; it is then unknown
	/// how much was written
	/// @throws IOException if writing fails for another reason
	public void append(ByteBuffer bytes) throws IOException {
		take(bytes.remaining());
		int end = bytes.limit();
		boolean interrupted = Thread.interrupted();
		try {
			while (bytes.position() < end) {
				bytes.limit(Math.min(end, bytes.position() + MOST_AT_ONCE));
				this.size += this.channel.write(bytes, this.size);
			}
		}
		catch (IOException ex) {
			throw SpoolFull.ifFull(ex);
		}
		finally {
			bytes.limit(end);
			restore(interrupted);
		}
	}

	private synchronized void take(long bytes) throws ClosedChannelException {
		if (this.closed) {
			throw new ClosedChannelException();
		}
		this.disk.take(bytes);
		this.taken += bytes;
	}

	/// If the thread that uses a channel is interrupted, the channel closes for all its
	/// readers.
	private static void restore(boolean interrupted) {
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/// Fills the rest of a buffer from the file.
	/// @param position the place of the first byte in the file
	/// @throws EOFException if the file ends too early
	/// @throws IOException if reading fails
	public void read(ByteBuffer bytes, long position) throws IOException {
		int end = bytes.limit();
		long from = position;
		boolean interrupted = Thread.interrupted();
		try {
			while (bytes.position() < end) {
				bytes.limit(Math.min(end, bytes.position() + MOST_AT_ONCE));
				int count = this.channel.read(bytes, from);
				if (count < 0) {
					throw new EOFException("the file ends at " + from);
				}
				from += count;
			}
		}
		finally {
			bytes.limit(end);
			restore(interrupted);
		}
	}

	@Override
	public synchronized void close() throws IOException {
		this.closed = true;
		try {
			this.channel.close();
		}
		finally {
			this.disk.giveBack(this.taken);
			this.taken = 0;
		}
	}

}
