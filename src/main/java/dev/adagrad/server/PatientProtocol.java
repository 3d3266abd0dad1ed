package dev.adagrad.server;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;

/// HTTP/1.1 as Tomcat's own, but for how it waits for clients:
///
/// 1. Whoever finds that a client has sent nothing yet, or takes nothing more now, gives its turn away, since it is about to
/// wait. It can be told not to wait any longer, by [Turns.Turn#giveUp].
/// 2. A header that does not come in time is 408, see [HeaderPatience]. Tomcat bounds each wait for a byte, and so would wait
/// for ever for a client that sends one now and then.
/// 3. An answer that is not taken in time ends its connection, see [PacedAnswer].
/// 4. Where there are as many connections as there may be, the one that has waited longest for its client to ask makes way
/// for the next. So clients that connect and ask for nothing keep nobody out.
/// 5. The buffers of a connection that is gone are left to the garbage collector: Tomcat would free them at once, by a
/// method of `sun.misc.Unsafe` that the JVM warns of. (Where Tomcat itself ends TLS it does, warning and all.)
///
/// Tomcat makes it by its name.
///
/// @see Turns
public final class PatientProtocol extends Http11NioProtocol {

	private Pace pace = new Pace(1, Duration.ofDays(1), Duration.ofDays(1));

	public PatientProtocol() {
		this(new Endpoint());
	}

	private PatientProtocol(Endpoint endpoint) {
		super(endpoint);
		endpoint.protocol = Optional.of(this);
	}

	/// How slowly headers may come, and answers be taken; to be set before the protocol
	/// starts.
	void setPace(Pace pace) {
		this.pace = pace;
	}

	Pace pace() {
		return this.pace;
	}

	@Override
	protected Processor createProcessor() {
		Adapter adapter = getAdapter();
		return new HeaderPatience(this, adapter, this.pace.grace());
	}

	private static final class Endpoint extends NioEndpoint {

		private Optional<PatientProtocol> protocol = Optional.empty();

		@Override
		protected NioChannel createChannel(SocketBufferHandler buffers) {
			Pace pace = this.protocol.orElseThrow().pace();
			return isSSLEnabled() ? new SecureChannel(buffers, this, pace) : new PlainChannel(buffers, pace);
		}

		/// A connection that there is no memory for is closed: the thread that accepts
		/// connections would end, for Tomcat passes this error on.
		@Override
		protected boolean setSocketOptions(SocketChannel socket) {
			if (getMaxConnections() > 0 && getConnectionCount() >= getMaxConnections()) {
				makeWay();
			}
			try {
				return super.setSocketOptions(socket);
			}
			catch (OutOfMemoryError ex) {
				// what Tomcat knows already the caller closes
				if (!this.connections.containsKey(socket)) {
					destroySocket(socket);
				}
				return false;
			}
		}

		/// Ends the connection whose client has been silent for the longest time, of
		/// those that wait for a request.
		private void makeWay() {
			var _ = this.connections.values()
				.stream()
				.filter(NioSocketWrapper.class::isInstance)
				.map(NioSocketWrapper.class::cast)
				.filter((connection) -> connection.interestOpsHas(SelectionKey.OP_READ))
				.sorted(Comparator.comparingLong(NioSocketWrapper::getLastRead))
				.anyMatch(Endpoint::ends);
		}

		/// Whether it was ended: not one whose request is under way meanwhile.
		private static boolean ends(SocketWrapperBase<?> connection) {
			if (!connection.getLock().tryLock()) {
				return false;
			}
			try {
				return switch (connection.getCurrentProcessor()) {
					case HeaderPatience header -> {
						header.refuse(connection);
						connection.close();
						yield true;
					}
					case null -> {
						connection.close();
						yield true;
					}
					// HTTP/2, whose streams may be under way
					default -> false;
				};
			}
			finally {
				connection.getLock().unlock();
			}
		}

	}

	private static final class PlainChannel extends NioChannel {

		private final PacedAnswer answer;

		PlainChannel(SocketBufferHandler buffers, Pace pace) {
			super(buffers);
			this.answer = new PacedAnswer(pace);
		}

		@Override
		public int read(ByteBuffer to) throws IOException {
			this.answer.ends();
			return come(super.read(to));
		}

		@Override
		public int write(ByteBuffer from) throws IOException {
			return gone(this.answer.taken(super.write(from)));
		}

		@Override
		public void free() {
		}

	}

	private static final class SecureChannel extends SecureNioChannel {

		private final PacedAnswer answer;

		SecureChannel(SocketBufferHandler buffers, NioEndpoint endpoint, Pace pace) {
			super(buffers, endpoint);
			this.answer = new PacedAnswer(pace);
		}

		@Override
		public int read(ByteBuffer to) throws IOException {
			this.answer.ends();
			return come(super.read(to));
		}

		@Override
		public int write(ByteBuffer from) throws IOException {
			return gone(this.answer.taken(super.write(from)));
		}

	}

	private static int come(int count) throws SocketTimeoutException {
		if (count == 0) {
			Turns.Turn turn = Turns.current();
			if (turn.isGivenUp()) {
				throw new SocketTimeoutException("others have no room");
			}
			turn.leaveForClient();
		}
		return count;
	}

	private static int gone(int count) {
		if (count == 0) {
			Turns.current().leave();
		}
		return count;
	}

}
