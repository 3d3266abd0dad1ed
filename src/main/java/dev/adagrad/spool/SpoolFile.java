package dev.adagrad.spool;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.tensor.Memory;

/// A temporary file that is first written from its beginning to its end, and then read, at any place and any number of
/// times. Closing gives its room back.
///
/// To be written by one thread at a time; what has been written may be read by any number of threads.
public final class SpoolFile implements Closeable {

	/// The JDK copies what it transfers through memory outside of the heap, as much as it
	/// is given at once, and keeps that for each thread.
	private static final int MOST_AT_ONCE = 64 * 1024;

	private final FileChannel channel;

	private final Memory disk;

	private long size;

	private long taken;

	private boolean closed;

	/// @param disk told of what is written, and of its end
	SpoolFile(FileChannel channel, Memory disk) {
		this.channel = channel;
		this.disk = disk;
	}

	/// How many bytes have been written.
	public long size() {
		return this.size;
	}

	/// Writes what remains in a buffer to the end of the file.
	/// @throws Refusal if there is no room, or no more is allowed; how much was written
	/// is then unknown
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

	/// A channel closes when the thread that uses it is interrupted, for all who read it.
	private static void restore(boolean interrupted) {
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/// Reads so many bytes as remain in a buffer.
	/// @param position where in the file the first of them stands
	/// @throws EOFException if the file ends before
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
