package dev.adagrad.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;

/// HTTP/1.1 as Tomcat's own, but for three things. Whoever finds that the client has sent nothing yet, or takes nothing more
/// now, gives its turn away, since it is about to wait. The buffers of a connection that is gone are left to the
/// garbage collector: Tomcat would free them at once, by a method of `sun.misc.Unsafe` that the JVM warns of. (Where Tomcat
/// itself ends TLS it does, warning and all.) And a connection that there is no memory for is closed, and others are
/// accepted again once there is.
///
/// Tomcat makes it by its name.
///
/// @see Turns
public final class DirectBufferProtocol extends Http11NioProtocol {

	public DirectBufferProtocol() {
		super(new Endpoint());
	}

	private static final class Endpoint extends NioEndpoint {

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

		@Override
		protected NioChannel createChannel(SocketBufferHandler buffers) {
			return isSSLEnabled() ? new SecureChannel(buffers, this) : new PlainChannel(buffers);
		}

	}

	private static final class PlainChannel extends NioChannel {

		PlainChannel(SocketBufferHandler buffers) {
			super(buffers);
		}

		@Override
		public int read(ByteBuffer to) throws IOException {
			return leavingAtNothing(super.read(to));
		}

		@Override
		public int write(ByteBuffer from) throws IOException {
			return leavingAtNothing(super.write(from));
		}

		@Override
		public void free() {
		}

	}

	private static final class SecureChannel extends SecureNioChannel {

		SecureChannel(SocketBufferHandler buffers, NioEndpoint endpoint) {
			super(buffers, endpoint);
		}

		@Override
		public int read(ByteBuffer to) throws IOException {
			return leavingAtNothing(super.read(to));
		}

		@Override
		public int write(ByteBuffer from) throws IOException {
			return leavingAtNothing(super.write(from));
		}

	}

	private static int leavingAtNothing(int count) {
		if (count == 0) {
			Turns.current().leave();
		}
		return count;
	}

}
