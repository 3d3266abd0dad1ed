package dev.adagrad.server;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.function.BooleanSupplier;

import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/// Tomcat's HTTP/1.1, with changes in how it waits for clients:
///
/// 1. A thread gives its turn away before it waits for a client that has sent nothing yet or takes nothing more now.
/// [Turns.Turn#giveUp] ends such a wait.
/// 2. A header that does not come in time is answered with 408, see [HeaderPatience]. Tomcat bounds only each wait for
/// a byte, and so would wait for ever for a client that sends a byte now and then.
/// 3. If a client does not take an answer in time, its connection ends, see [PacedAnswer].
/// 4. If the limit of connections is reached, the connection that has been silent for the longest time, with no
/// request under way, makes way for the next. So clients that connect and ask for nothing cannot keep others out.
/// 5. The buffers of a closed connection are left to the garbage collector. Tomcat would free them with a method of
/// `sun.misc.Unsafe` about which the JVM warns.
/// 6. Answers of the API are not compressed: gzip shrinks the decimals of a tensor to 0.45 of their size, at 15 MB/s.
/// Pages, scripts and the API document are. Tomcat would decide by the media type, which is the same for a tensor and
/// for the document.
///
/// Tomcat creates an instance by the name of the class.
///
/// @see Turns
public final class PatientProtocol extends Http11NioProtocol {

	private static final long NEW_MILLIS = 200;

	/// A client over TLS sends its first request after some exchanges.
	private static final long NEW_SECURE_MILLIS = 1000;

	private static final long KEPT_MILLIS = 1000;

	private static final Pace FOR_EVER = new Pace(1, Duration.ofDays(1), Duration.ofDays(1));

	private Pace pace = FOR_EVER;

	private byte[] refusal = {};

	private String api = "/adagrad/";

	private final Endpoint endpoint;

	public PatientProtocol() {
		this(new Endpoint());
	}

	private PatientProtocol(Endpoint endpoint) {
		super(endpoint);
		this.endpoint = endpoint;
	}

	/// Sets the protocol up. Must be called before it starts.
	/// @param pace how slowly headers may come, and how slowly clients may take answers
	/// @param contextPath the prefix of all paths of the service
	/// @param requests called if no connection can make way: it asks a request under way
	/// to do so, and returns whether one does
	void setUp(Pace pace, String contextPath, BooleanSupplier requests) {
		this.pace = pace;
		this.refusal = HeaderPatience.refusal(contextPath);
		this.api = contextPath + "/adagrad/";
		this.endpoint.pace = pace;
		this.endpoint.requests = requests;
	}

	@Override
	public boolean useCompression(Request request, Response response) {
		return !request.decodedURI().startsWithIgnoreCase(this.api, 0) && super.useCompression(request, response);
	}

	@Override
	protected Processor createProcessor() {
		return new HeaderPatience(this, getAdapter(), this.pace.grace(), this.refusal);
	}

	private static final class Endpoint extends NioEndpoint {

		private static final long LOOK_AGAIN_MILLIS = 20;

		private Pace pace = FOR_EVER;

		private BooleanSupplier requests = () -> false;

		@Override
		protected NioChannel createChannel(SocketBufferHandler buffers) {
			return isSSLEnabled() ? new SecureChannel(buffers, this, this.pace) : new PlainChannel(buffers, this.pace);
		}

		/// Tomcat calls this before it accepts the next connection.
		@Override
		protected void countUpOrAwaitConnection() throws InterruptedException {
			while (isRunning() && !isPaused() && getMaxConnections() > 0 && getConnectionCount() >= getMaxConnections()
					&& !makeWay()) {
				var _ = this.requests.getAsBoolean();
				Thread.sleep(LOOK_AGAIN_MILLIS);
			}
			super.countUpOrAwaitConnection();
		}

		/// Ends the connection whose client has been silent for the longest time.
		/// Connections that wait for a first request go before those that wait for the
		/// next one.
		/// @return whether there was such a connection
		private boolean makeWay() {
			long now = System.currentTimeMillis();
			return this.connections.values()
				.stream()
				.filter(NioSocketWrapper.class::isInstance)
				.map(NioSocketWrapper.class::cast)
				.filter((connection) -> connection.interestOpsHas(SelectionKey.OP_READ))
				.map((connection) -> new Waiting(connection, now - connection.getLastRead(), isNew(connection)))
				.filter((each) -> each.isLong(isSSLEnabled()))
				.sorted(Comparator.comparing(Waiting::isNew).thenComparingLong(Waiting::millis).reversed())
				.anyMatch((each) -> ends(each.connection()));
		}

		/// Whether the client has asked for nothing yet, or has sent only part of its
		/// first header. Over TLS, it may not even have begun the handshake.
		private static boolean isNew(NioSocketWrapper connection) {
			return connection.getCurrentProcessor() instanceof HeaderPatience
					|| (connection.getSocket() instanceof Channel channel && !channel.hasRead());
		}

		/// Closes a connection for which there is no memory. Tomcat would pass the error
		/// on, and the thread that accepts connections would end.
		@Override
		protected boolean setSocketOptions(SocketChannel socket) {
			try {
				return super.setSocketOptions(socket);
			}
			catch (OutOfMemoryError ex) {
				// the caller closes what Tomcat knows already
				if (!this.connections.containsKey(socket)) {
					destroySocket(socket);
				}
				return false;
			}
		}

		/// Ends a connection, unless its request is under way by now. Returns whether it
		/// did.
		private static boolean ends(NioSocketWrapper connection) {
			if (!connection.getLock().tryLock()) {
				return false;
			}
			try {
				if (!connection.interestOpsHas(SelectionKey.OP_READ)) {
					// its request has come by now
					return false;
				}
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
					// HTTP/2: its streams may be under way
					default -> false;
				};
			}
			finally {
				connection.getLock().unlock();
			}
		}

	}

	/// A connection whose client is silent.
	///
	/// @param millis for how long it has been silent
	/// @param isNew whether the client has not asked for anything yet
	private record Waiting(NioEndpoint.NioSocketWrapper connection, long millis, boolean isNew) {

		/// Whether it has been silent for too long. A new client sends at once; a client
		/// between two requests may take its time.
		boolean isLong(boolean secure) {
			return this.millis >= (this.isNew ? secure ? NEW_SECURE_MILLIS : NEW_MILLIS : KEPT_MILLIS);
		}

	}

	/// The bytes of a connection.
	private interface Channel {

		/// Whether any bytes have come.
		boolean hasRead();

	}

	private static final class PlainChannel extends NioChannel implements Channel {

		private final Exchange exchange;

		PlainChannel(SocketBufferHandler buffers, Pace pace) {
			super(buffers);
			this.exchange = new Exchange(pace);
		}

		@Override
		public int read(ByteBuffer to) throws IOException {
			return this.exchange.read(super.read(to), this.sc);
		}

		@Override
		public boolean hasRead() {
			return this.exchange.hasRead(this.sc);
		}

		@Override
		public int write(ByteBuffer from) throws IOException {
			int count = super.write(from);
			this.exchange.written(count, count == 0 && (from.hasRemaining() || getOutboundRemaining() > 0));
			return count;
		}

		@Override
		public void free() {
		}

	}

	private static final class SecureChannel extends SecureNioChannel implements Channel {

		private final Exchange exchange;

		SecureChannel(SocketBufferHandler buffers, NioEndpoint endpoint, Pace pace) {
			super(buffers, endpoint);
			this.exchange = new Exchange(pace);
		}

		@Override
		public int read(ByteBuffer to) throws IOException {
			return this.exchange.read(super.read(to), this.sc);
		}

		@Override
		public boolean hasRead() {
			return this.exchange.hasRead(this.sc);
		}

		@Override
		public int write(ByteBuffer from) throws IOException {
			int count = super.write(from);
			this.exchange.written(count, count == 0 && (from.hasRemaining() || getOutboundRemaining() > 0));
			return count;
		}

		@Override
		public void free() {
		}

	}

	/// The traffic of a connection in both directions, and who waits for whom; for one
	/// thread at a time.
	private static final class Exchange {

		private final PacedAnswer answer;

		/// The socket from which bytes have come: Tomcat uses a channel for one socket
		/// after the other. Other threads read this.
		private volatile @Nullable SocketChannel heard;

		Exchange(Pace pace) {
			this.answer = new PacedAnswer(pace, System::nanoTime);
		}

		boolean hasRead(@Nullable SocketChannel socket) {
			return socket != null && socket.equals(this.heard);
		}

		/// Called when the service has asked the client for more.
		/// @return `count`
		int read(int count, SocketChannel socket) throws SocketTimeoutException {
			this.answer.ends();
			if (count == 0) {
				Turns.Turn turn = Turns.current();
				if (turn.isGivenUp()) {
					throw new SocketTimeoutException("others have no room");
				}
				turn.leaveForClient();
			}
			else if (count > 0) {
				this.heard = socket;
			}
			return count;
		}

		/// @param isStuck whether the client took nothing although there was something
		/// to take
		void written(int count, boolean isStuck) throws SocketTimeoutException {
			this.answer.taken(isStuck ? 0 : Math.max(1, count));
			if (isStuck) {
				Turns.current().leave();
			}
		}

	}

}
