package dev.adagrad.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

import dev.adagrad.refusal.Refusal;

/// A place in a stream of bytes, with a window onto the bytes around it.
///
/// `buffer[position … limit − 1]` are the bytes at hand, and `buffer[limit]` is 0. No token contains a zero byte, so a
/// loop over digits or letters ends there without a test of its own. At least [#SLACK] bytes follow `limit`, so code
/// may read eight bytes at once from any position.
///
/// Lines are counted while white space is skipped, since in JSON a line can end only there. Bytes that continue a
/// character are counted while strings are read, since they can occur only there. So keeping the position costs nothing
/// while numbers are read.
///
/// Not thread-safe.
class JsonCursor {

	private static final int SLACK = Long.BYTES;

	/// Measured: reading is a tenth slower with 64 KiB.
	private static final int MAX_CAPACITY = 16 * 1024;

	private static final int CAPACITY_OF_UNKNOWN = 8 * 1024;

	byte[] buffer;

	int position;

	int limit;

	private final InputStream in;

	private final long maxBytes;

	/// The number of bytes before `buffer[0]`.
	private long before;

	private boolean ended;

	private int line = 1;

	private long lineStart;

	/// The number of bytes before the position on this line that continue a character.
	private long continuations;

	private long carriageReturn = -1;

	/// @param contentLength the expected number of bytes, or −1; only a hint for the
	/// size of the window
	JsonCursor(InputStream in, long contentLength, long maxBytes) {
		this.in = in;
		this.maxBytes = maxBytes;
		// one byte more than expected, so that the end is found without another window
		int capacity = (contentLength >= 0) ? (int) Math.min(contentLength + 1, MAX_CAPACITY) : CAPACITY_OF_UNKNOWN;
		this.buffer = new byte[capacity + SLACK];
	}

	/// The byte here, or −1 at the end.
	int peek() throws IOException {
		return (this.position < this.limit || hasMore()) ? this.buffer[this.position] & 0xFF : -1;
	}

	/// The next byte that is not white space, or −1 at the end. The position moves to
	/// it.
	int peekToken() throws IOException {
		while (true) {
			int c = peek();
			if (c > ' ') {
				return c;
			}
			switch (c) {
				case ' ', '\t' -> this.position++;
				case '\n', '\r' -> {
					this.position++;
					newLine(c);
				}
				default -> {
					return c;
				}
			}
		}
	}

	private void newLine(int c) {
		long start = offset();
		// CR LF is one end of a line
		if (c == '\r' || this.carriageReturn != start - 1) {
			this.line++;
		}
		if (c == '\r') {
			this.carriageReturn = start;
		}
		this.lineStart = start;
		this.continuations = 0;
	}

	/// Notes that `count` bytes before the position continue a character.
	void continued(int count) {
		this.continuations += count;
	}

	/// The number of bytes before the position.
	long offset() {
		return this.before + this.position;
	}

	/// Whether there is only white space between a comma and the position, as far back
	/// as the window reaches.
	boolean followsComma() {
		int before = this.position - 1;
		while (before >= 0 && this.buffer[before] >= 0 && this.buffer[before] <= ' ') {
			before--;
		}
		return before >= 0 && this.buffer[before] == ',';
	}

	/// Whether the stream has ended, so that the window holds all that is left.
	boolean isEnded() {
		return this.ended;
	}

	/// Makes sure that `count` bytes from the position on are at hand, or all that are
	/// left.
	void require(int count) throws IOException {
		while (this.limit - this.position < count && !this.ended) {
			if (this.position > 0 && this.position + count > capacity()) {
				System.arraycopy(this.buffer, this.position, this.buffer, 0, this.limit - this.position);
				this.before += this.position;
				this.limit -= this.position;
				this.position = 0;
			}
			read();
		}
	}

	private boolean hasMore() throws IOException {
		require(1);
		return this.position < this.limit;
	}

	private void read() throws IOException {
		if (this.limit == capacity()) {
			this.buffer = Arrays.copyOf(this.buffer, Math.max(CAPACITY_OF_UNKNOWN, 2 * capacity()) + SLACK);
		}
		long total = this.before + this.limit;
		// one byte more than allowed, to find out whether it comes
		int room = (int) Math.min(capacity() - this.limit, Math.max(this.maxBytes - total, 0) + 1L);
		int count = next(room);
		if (count < 0) {
			this.ended = true;
		}
		else {
			if (total + count > this.maxBytes) {
				throw Refusal.tooLarge("the body", this.maxBytes, "bytes");
			}
			this.limit += count;
		}
		this.buffer[this.limit] = 0;
	}

	/// If the stream breaks off, the body is malformed at that place.
	private int next(int room) {
		try {
			return this.in.read(this.buffer, this.limit, room);
		}
		catch (IOException ex) {
			this.position = this.limit;
			throw malformed("the body breaks off here, or did not come in time");
		}
	}

	private int capacity() {
		return this.buffer.length - SLACK;
	}

	/// The refusal of the input at the position.
	Refusal malformed(String detail) {
		return malformedAt(offset(), detail);
	}

	/// The refusal of the input at an offset on the line of the position, with only
	/// whole characters before it.
	Refusal malformedAt(long offset, String detail) {
		long column = offset - this.lineStart - this.continuations + 1;
		return Refusal.malformedJson(this.line, (int) Math.min(column, Integer.MAX_VALUE), detail);
	}

}
