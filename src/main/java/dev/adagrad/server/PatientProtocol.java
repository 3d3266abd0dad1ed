package dev.adagrad.server;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;

/// Tomcat's HTTP/1.1, which waits for clients in another way:
///
/// 1. A thread whose client has sent nothing yet, or takes nothing more now, gives its turn away before it waits.
/// [Turns.Turn#giveUp] ends such a wait.
/// 2. A header that does not come in time is 408, see [HeaderPatience]. Tomcat bounds each wait for a byte, and so
/// would wait for ever for a client that sends one now and then.
/// 3. An answer that is not taken in time ends its connection, see [PacedAnswer].
/// 4. Where there are as many connections as there may be, the one that has been silent for the longest time, with no
/// request under way, makes way for the next. So clients that connect and ask for nothing keep nobody out.
/// 5. The buffers of a closed connection are left to the garbage collector. Tomcat would free them by a method of
/// `sun.misc.Unsafe` that the JVM warns of. (Where Tomcat ends TLS it does, warning and all.)
/// 6. Answers of the API are not compressed: gzip brings the decimals of a tensor to 0.45 of their size, at 15 MB/s.
/// Pages, scripts and the API document are. Tomcat would go by the media type, which is the same for a tensor and the
/// document.
///
/// Tomcat makes it by its name.
///
/// @see Turns
public final class PatientProtocol extends Http11NioProtocol {

	private static final long NEW_MILLIS = 200;

	private static final long KEPT_MILLIS = 1000;

	private Pace pace = new Pace(1, Duration.ofDays(1), Duration.ofDays(1));

	private byte[] refusal = {};

	private String api = "/adagrad/";

	private BooleanSupplier requests = () -> false;

	public PatientProtocol() {
		this(new Endpoint());
	}

	private PatientProtocol(Endpoint endpoint) {
		super(endpoint);
		endpoint.protocol = Optional.of(this);
	}

	/// How slowly headers may come, and answers be taken; to be set before the protocol
	/// starts.
	/// @param contextPath what all paths of the service begin with
	void setPace(Pace pace, String contextPath) {
		this.pace = pace;
		this.refusal = HeaderPatience.refusal(contextPath);
		this.api = contextPath + "/adagrad/";
	}

	/// To be set before the protocol starts.
	/// @param requests asked where no connection can make way, to have a request under
	/// way do so; says whether one does
	void setRequests(BooleanSupplier requests) {
		this.requests = requests;
	}

	Pace pace() {
		return this.pace;
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

		private Optional<PatientProtocol> protocol = Optional.empty();

		@Override
		protected NioChannel createChannel(SocketBufferHandler buffers) {
			Pace pace = this.protocol.orElseThrow().pace();
			return isSSLEnabled() ? new SecureChannel(buffers, this, pace) : new PlainChannel(buffers, pace);
		}

		/// Before the next connection is accepted.
		@Override
		protected void countUpOrAwaitConnection() throws InterruptedException {
			while (isRunning() && !isPaused() && getMaxConnections() > 0 && getConnectionCount() >= getMaxConnections()
					&& !makeWay()) {
				var _ = this.protocol.orElseThrow().requests.getAsBoolean();
				Thread.sleep(LOOK_AGAIN_MILLIS);
			}
			super.countUpOrAwaitConnection();
		}

		/// Ends the connection whose client has been silent for the longest time: of
		/// those that wait for a first request, and if there is none, of those that wait
		/// for the next.
		/// @return whether there was one
		private boolean makeWay() {
			long now = System.currentTimeMillis();
			List<Waiting> waiting = this.connections.values()
				.stream()
				.filter(NioSocketWrapper.class::isInstance)
				.map(NioSocketWrapper.class::cast)
				.filter((connection) -> connection.interestOpsHas(SelectionKey.OP_READ))
				.map((connection) -> new Waiting(connection, now - connection.getLastRead(), isNew(connection)))
				.filter(Waiting::isLong)
				.sorted(Comparator.comparing(Waiting::isNew).thenComparingLong(Waiting::millis).reversed())
				.toList();
			return waiting.stream().anyMatch((each) -> ends(each.connection()));
		}

		/// Whether it has asked for nothing yet, or for the first time with half a
		/// header.
		private static boolean isNew(NioSocketWrapper connection) {
			return connection.getCurrentProcessor() instanceof HeaderPatience
					|| (connection.getSocket() instanceof Channel channel && !channel.hasRead()
							&& connection.getSocket().isHandshakeComplete());
		}

		/// A connection that there is no memory for is closed: the thread that accepts
		/// connections would end, for Tomcat passes this error on.
		@Override
		protected boolean setSocketOptions(SocketChannel socket) {
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

		/// Whether it was ended: not one whose request is under way meanwhile.
		private static boolean ends(NioSocketWrapper connection) {
			if (!connection.getLock().tryLock()) {
				return false;
			}
			try {
				if (!connection.interestOpsHas(SelectionKey.OP_READ)) {
					// its request has come meanwhile
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
					// HTTP/2, whose streams may be under way
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
	/// @param millis for how long
	/// @param isNew whether it has not asked for anything yet
	private record Waiting(NioEndpoint.NioSocketWrapper connection, long millis, boolean isNew) {

		/// A client that has connected sends at once; one that is between two requests
		/// may take its time.
		boolean isLong() {
			return this.millis >= (this.isNew ? NEW_MILLIS : KEPT_MILLIS);
		}

	}

	/// A connection's bytes.
	private interface Channel {

		/// Whether any have come.
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
			this.exchange.reads();
			return this.exchange.read(super.read(to));
		}

		@Override
		public boolean hasRead() {
			return this.exchange.hasRead;
		}

		@Override
		public void reset(SocketChannel socket, NioEndpoint.NioSocketWrapper connection) throws IOException {
			super.reset(socket, connection);
			this.exchange.hasRead = false;
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
			this.exchange.reads();
			return this.exchange.read(super.read(to));
		}

		@Override
		public boolean hasRead() {
			return this.exchange.hasRead;
		}

		@Override
		public void reset(SocketChannel socket, NioEndpoint.NioSocketWrapper connection) throws IOException {
			super.reset(socket, connection);
			this.exchange.hasRead = false;
		}

		@Override
		public int write(ByteBuffer from) throws IOException {
			int count = super.write(from);
			this.exchange.written(count, count == 0 && (from.hasRemaining() || getOutboundRemaining() > 0));
			return count;
		}

	}

	/// What goes to and fro over a connection, and who waits for whom; for one thread at
	/// a time.
	private static final class Exchange {

		private final PacedAnswer answer;

		/// Read by others.
		private volatile boolean hasRead;

		Exchange(Pace pace) {
			this.answer = new PacedAnswer(pace, System::nanoTime);
		}

		/// The client is about to be asked for more.
		void reads() {
			this.answer.ends();
		}

		/// @return `count`
		int read(int count) throws SocketTimeoutException {
			if (count == 0) {
				Turns.Turn turn = Turns.current();
				if (turn.isGivenUp()) {
					throw new SocketTimeoutException("others have no room");
				}
				turn.leaveForClient();
			}
			this.hasRead |= count > 0;
			return count;
		}

		/// @param isStuck whether nothing was taken although there was something to take
		void written(int count, boolean isStuck) throws SocketTimeoutException {
			this.answer.taken(isStuck ? 0 : Math.max(1, count));
			if (isStuck) {
				Turns.current().leave();
			}
		}

	}

}
