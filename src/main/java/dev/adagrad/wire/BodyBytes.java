package dev.adagrad.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

import dev.adagrad.refusal.Refusal;

/// The bytes of a body as a binary format reads them: a known number at a time, up to the end.
///
/// Not thread-safe.
final class BodyBytes {

	private final InputStream in;

	private final long maxBytes;

	private long offset;

	BodyBytes(InputStream in, long maxBytes) {
		this.in = in;
		this.maxBytes = maxBytes;
	}

	/// Reads exactly `count` bytes to the beginning of an array.
	/// @param what what the bytes belong to, for a message
	/// @param end the total number of bytes up to the end of what they belong to
	/// @throws Refusal if there are fewer, or the body has more bytes than allowed
	void read(byte[] bytes, int count, Supplier<String> what, long end) {
		if (this.maxBytes - this.offset < count) {
			throw Refusal.tooLarge("the body", this.maxBytes, "bytes");
		}
		int read = 0;
		while (read < count) {
			int more = more(bytes, read, count - read);
			if (more < 0) {
				throw Refusal.malformedFile(this.offset,
						"the body ends " + (end - this.offset) + " bytes short of the end of " + what.get());
			}
			read += more;
			this.offset += more;
		}
	}

	/// @throws Refusal if there is another byte
	void requireEnd() {
		if (more(new byte[1], 0, 1) > 0) {
			throw Refusal.malformedFile(this.offset, "the file ends here, but the body goes on");
		}
	}

	/// If the stream breaks off, the body is malformed at that place.
	private int more(byte[] bytes, int from, int count) {
		try {
			return this.in.read(bytes, from, count);
		}
		catch (IOException ex) {
			throw Refusal.malformedFile(this.offset, "the body breaks off here, or did not come in time");
		}
	}

}
