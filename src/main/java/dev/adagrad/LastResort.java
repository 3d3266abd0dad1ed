package dev.adagrad;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the process when a thread has ended that nobody starts again: a service without the thread that accepts
/// connections lives on and is deaf, and no supervisor restarts it.
///
/// That a thread was ended by an error of the virtual machine, out of memory above all, is enough, whichever thread it
/// was: what it held when it ended nobody knows. Nothing is allocated then, no hook is run and no file closed; the store
/// stands that as it stands `kill -9`. Of other exceptions only those are fatal that end a thread which Tomcat has one of.
///
/// What a request throws does not come here: it is answered, or at least its connection is closed. Nor does a stack that
/// has overflowed, after which Tomcat goes on.
///
/// @see <a href="https://man.freebsd.org/cgi/man.cgi?query=sysexits">sysexits: EX_SOFTWARE</a>
final class LastResort implements Thread.UncaughtExceptionHandler {

	/// An internal error of the software; the JVM itself never exits with it.
	static final int EXIT_CODE = 70;

	private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);

	private final byte[] lastWords = ("adagrad-service: a thread has ended by an error of the virtual machine, such as"
			+ " OutOfMemoryError; the process ends with exit code " + EXIT_CODE + "\n")
		.getBytes(StandardCharsets.US_ASCII);

	/// Not System.err, which allocates.
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

	/// As Tomcat names those that accept connections and wait for what comes over them.
	private static boolean isOneOfItsKind(String name) {
		return name.endsWith("-Acceptor") || name.endsWith("-Poller");
	}

}
