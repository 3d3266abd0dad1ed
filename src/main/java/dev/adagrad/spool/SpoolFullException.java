package dev.adagrad.spool;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.jspecify.annotations.Nullable;

/// There is no room left for temporary files.
public final class SpoolFullException extends UncheckedIOException {

	private SpoolFullException(IOException cause) {
		super("there is no room left for temporary files", cause);
	}

	/// Throws it where that is what an exception is about, as far as its text can tell;
	/// else there is the exception to be thrown.
	static IOException ifFull(IOException ex) {
		if (isFull(ex.getMessage())) {
			throw new SpoolFullException(ex);
		}
		return ex;
	}

	/// The JDK has no type for it, only the words of the operating system.
	/// @see <a href="https://man7.org/linux/man-pages/man3/errno.3.html">ENOSPC and
	/// EDQUOT</a>
	private static boolean isFull(@Nullable String message) {
		return message != null
				&& (message.contains("No space left on device") || message.contains("Disk quota exceeded")
						|| message.contains("There is not enough space on the disk"));
	}

}
