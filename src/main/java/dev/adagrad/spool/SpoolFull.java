package dev.adagrad.spool;

import java.io.IOException;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import org.jspecify.annotations.Nullable;

/// Refusals of requests whose temporary files find no room. The operator is told about a full disk, and about a folder in
/// which no file can be made, but not about a client that reaches a bound.
final class SpoolFull {

	private SpoolFull() {
	}

	/// The refusal of what is beyond one of the service's own bounds.
	static Refusal beyond(String bound) {
		return refusal("there is no room for more temporary files: " + bound);
	}

	/// The refusal when no file can be made at all.
	static Refusal noFile(IOException ex) {
		return reported("temporary files, which this request needs, cannot be made on the server (adagrad.spool.path)",
				ex);
	}

	/// Throws the refusal if an exception says that the disk is full, as far as its text
	/// can tell. Otherwise returns the exception for the caller to throw.
	static IOException ifFull(IOException ex) {
		if (isFull(ex.getMessage())) {
			throw reported("there is no room left for temporary files", ex);
		}
		return ex;
	}

	private static Refusal reported(String detail, IOException ex) {
		return refusal(detail).because(detail + " (" + ex + ")", ex);
	}

	private static Refusal refusal(String detail) {
		return Refusal.of(Code.STORE_FULL, detail + "; nothing was changed");
	}

	/// The JDK has no type for a full disk, only the words of the operating system.
	/// @see <a href="https://man7.org/linux/man-pages/man3/errno.3.html">ENOSPC and
	/// EDQUOT</a>
	private static boolean isFull(@Nullable String message) {
		return message != null
				&& (message.contains("No space left on device") || message.contains("Disk quota exceeded")
						|| message.contains("There is not enough space on the disk"));
	}

}
