package dev.adagrad.spool;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.jspecify.annotations.Nullable;

/// There is no room left for temporary files. The cause tells a disk that is full, or a folder in which none can be made,
/// from a bound that the service keeps by itself.
public final class SpoolFullException extends UncheckedIOException {

	private SpoolFullException(String detail, IOException cause) {
		super(detail, cause);
	}

	/// Beyond a bound of the service's own.
	static SpoolFullException beyond(String bound) {
		return new SpoolFullException("there is no room for more temporary files: " + bound, new BoundException(bound));
	}

	/// No file can be made at all.
	static SpoolFullException noFile(IOException ex) {
		return new SpoolFullException(
				"temporary files, which this request needs, cannot be made on the server (adagrad.spool.path)", ex);
	}

	/// Throws it where that is what an exception is about, as far as its text can tell;
	/// else there is the exception to be thrown.
	static IOException ifFull(IOException ex) {
		if (isFull(ex.getMessage())) {
			throw new SpoolFullException("there is no room left for temporary files", ex);
		}
		return ex;
	}

	/// Whether it is a bound that a client has come to, and nothing that the operator
	/// must see to.
	public boolean isBound() {
		return getCause() instanceof BoundException;
	}

	/// The JDK has no type for it, only the words of the operating system.
	/// @see <a href="https://man7.org/linux/man-pages/man3/errno.3.html">ENOSPC and
	/// EDQUOT</a>
	private static boolean isFull(@Nullable String message) {
		return message != null
				&& (message.contains("No space left on device") || message.contains("Disk quota exceeded")
						|| message.contains("There is not enough space on the disk"));
	}

	private static final class BoundException extends IOException {

		BoundException(String bound) {
			super(bound);
		}

		@Override
		public synchronized Throwable fillInStackTrace() {
			return this;
		}

	}

}
