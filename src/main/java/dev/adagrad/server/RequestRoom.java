package dev.adagrad.server;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.spool.Room;
import dev.adagrad.spool.Spool;
import dev.adagrad.spool.SpoolFile;
import jakarta.servlet.ServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The room of one request: its part of the memory for all requests, and its temporary files. It is closed when the
/// request is over: its body was refused, its answer was sent, or its client is gone.
///
/// Safe for use by any number of threads.
final class RequestRoom implements Room, AutoCloseable {

	/// What every request takes: Tomcat's objects and buffers for it, the stack of its
	/// thread, a window onto its body, and arrays that are not worth counting. Measured
	/// after one byte of a body has come: 103 to 112 KiB.
	static final long LEAST_BYTES = 128 * 1024;

	/// The room keeps this much although it was given back, so that it need not ask
	/// again for each array.
	private static final long SLACK_BYTES = 256 * 1024;

	/// The longest body of a small request.
	private static final long SMALL_BODY_BYTES = 64 * 1024;

	/// The most that a small request takes beyond what every request takes.
	private static final long SMALL_BYTES = 1 << 20;

	private static final Logger logger = LoggerFactory.getLogger(RequestRoom.class);

	private static final String ATTRIBUTE = RequestRoom.class.getName();

	private final Admission admission;

	private final String client;

	private final Spool spool;

	private final Turns.Turn turn = Turns.current();

	private final List<Closeable> files = new ArrayList<>(0);

	/// The memory expected for its body: a quarter more than its bytes, since arrays are
	/// copied when they grow.
	private volatile long expected;

	private final boolean lengthKnown;

	/// Whether its body was announced as short and it has not taken much memory. Other
	/// threads read this.
	private volatile boolean small;

	private long used;

	private volatile long held;

	private boolean closed;

	/// Takes what every request takes.
	/// @param client the client that it counts for
	/// @param bodyBytes the length of its body, 0 if there is none, −1 if unknown
	/// @param spool opens its files
	/// @throws Refusal if there is no room for another request
	RequestRoom(Admission admission, String client, long bodyBytes, Spool spool) {
		this.admission = admission;
		this.client = client;
		this.spool = spool;
		this.lengthKnown = bodyBytes >= 0;
		this.small = this.lengthKnown && bodyBytes <= SMALL_BODY_BYTES;
		this.expected = Math.min(Math.max(0, bodyBytes) / 4 * 5, admission.mostOfClientsLarge());
		hold(LEAST_BYTES);
		try {
			admission.opened(this);
		}
		catch (Throwable ex) {
			close();
			throw ex;
		}
	}

	String client() {
		return this.client;
	}

	/// The turn of the thread that has opened this room.
	Turns.Turn turn() {
		return this.turn;
	}

	/// Called when the request is about to be answered and the rest of its body no
	/// longer matters: the room keeps nothing for it, so that even the client's next
	/// request may use the memory.
	synchronized void answered() {
		this.expected = 0;
		this.used = 0;
		closeFiles();
		this.small = true;
		if (!this.closed) {
			hold(LEAST_BYTES);
		}
	}

	/// The room of a request, which [#enter] has stored there; empty if it has none.
	static Optional<RequestRoom> find(ServletRequest request) {
		return Optional.ofNullable((RequestRoom) request.getAttribute(ATTRIBUTE));
	}

	/// Makes this the room of a request.
	void enter(ServletRequest request) {
		request.setAttribute(ATTRIBUTE, this);
	}

	@Override
	public synchronized void take(long bytes) {
		if (this.closed) {
			throw Refusal.of(Code.OVERLOADED, "the request is over");
		}
		long needed = LEAST_BYTES + this.used + bytes;
		if (needed > this.held) {
			hold(needed);
		}
		this.used += bytes;
	}

	@Override
	public synchronized void giveBack(long bytes) {
		this.used -= bytes;
		long needed = LEAST_BYTES + this.used;
		if (!this.closed && this.held - needed > SLACK_BYTES) {
			hold(needed);
		}
	}

	private void hold(long bytes) {
		boolean stays = this.small && bytes <= LEAST_BYTES + SMALL_BYTES;
		try {
			this.admission.change(this, this.held, bytes, stays ? 0 : reserved(bytes));
		}
		catch (Refusal ex) {
			this.admission.refused(this.client);
			throw ex;
		}
		this.small = stays;
		this.held = bytes;
	}

	/// What is kept free for it if it is large; else 0. Any thread may call this.
	long reserved() {
		return this.small ? 0 : (Admission.isSilent(this) ? this.held : reserved(this.held));
	}

	/// What to keep free. A body of unknown length that has become large may become much
	/// larger.
	private long reserved(long bytes) {
		if (this.lengthKnown) {
			return Math.max(bytes, this.expected);
		}
		return (bytes <= LEAST_BYTES + SMALL_BYTES) ? bytes : Math.max(bytes, this.admission.mostOfClientsLarge() / 4);
	}

	@Override
	public synchronized SpoolFile open() throws IOException {
		SpoolFile file = this.spool.open();
		keep(file);
		return file;
	}

	@Override
	public synchronized void keep(Closeable resource) {
		this.files.add(resource);
		if (this.closed) {
			// it comes from a thread that the request did not wait for
			closeFiles();
		}
	}

	@Override
	public Spool lasting() {
		return this.spool;
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		hold(0);
		this.admission.closed(this);
		closeFiles();
	}

	private void closeFiles() {
		for (Closeable file : this.files) {
			try {
				file.close();
			}
			catch (IOException ex) {
				logger.warn("a temporary file could not be closed", ex);
			}
		}
		this.files.clear();
	}

}
