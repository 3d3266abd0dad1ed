package dev.adagrad;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the process when a thread has ended and nothing starts it again. A service without the thread that accepts
/// connections lives on but answers nobody, and no supervisor restarts it.
///
/// An error of the virtual machine (above all: out of memory) is fatal whichever thread it ends, because nobody knows what
/// the thread held at that moment. The handler then allocates nothing, runs no hook and closes no file; the store survives
/// that as it survives `kill -9`. Any other exception is fatal only if it ends a thread of which Tomcat has just one.
///
/// What a request throws does not come here: the request is answered, or at least its connection is closed. Nor does a
/// stack overflow come here: Tomcat goes on after it.
///
/// @see <a href="https://man.freebsd.org/cgi/man.cgi?query=sysexits">sysexits: EX_SOFTWARE</a>
final class LastResort implements Thread.UncaughtExceptionHandler {

	/// An internal error of the software; the JVM itself never exits with it.
	static final int EXIT_CODE = 70;

	private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);

	private final byte[] lastWords = ("adagrad-service: a thread has ended by an error of the virtual machine, such as"
			+ " OutOfMemoryError; the process ends with exit code " + EXIT_CODE + "\n")
		.getBytes(StandardCharsets.US_ASCII);

	/// Used because System.err allocates.
	private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);

	private LastResort() {
	}

	/// For all threads that have no handler of their own.
	static void install() {
		Thread.setDefaultUncaughtExceptionHandler(new LastResort());
	}

	@Override
	public void uncaughtException(Thread thread, Throwable thrown) {
		try {
			if (thrown instanceof VirtualMachineError) {
				this.err.write(this.lastWords);
				Runtime.getRuntime().halt(EXIT_CODE);
			}
			LOG.error("the thread {} has ended", thread.getName(), thrown);
			if (isOneOfItsKind(thread.getName())) {
				Runtime.getRuntime().halt(EXIT_CODE);
			}
		}
		catch (IOException | VirtualMachineError ex) {
			Runtime.getRuntime().halt(EXIT_CODE);
		}
	}

	/// Tomcat gives these names to the threads that accept connections and wait for data
	/// on them.
	private static boolean isOneOfItsKind(String name) {
		return name.endsWith("-Acceptor") || name.endsWith("-Poller");
	}

}
