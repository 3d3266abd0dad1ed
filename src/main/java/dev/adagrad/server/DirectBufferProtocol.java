package dev.adagrad.server;

import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;

/// HTTP/1.1 as Tomcat's own, but for one thing: the buffers of a connection that is gone are left to the garbage
/// collector. Tomcat would free them at once, by a method of `sun.misc.Unsafe` that the JVM warns of.
///
/// Where Tomcat itself ends TLS its own channels are used, warning and all.
///
/// Tomcat makes it by its name.
public final class DirectBufferProtocol extends Http11NioProtocol {

	public DirectBufferProtocol() {
		super(new Endpoint());
	}

	private static final class Endpoint extends NioEndpoint {

		@Override
		protected NioChannel createChannel(SocketBufferHandler buffers) {
			if (isSSLEnabled()) {
				return super.createChannel(buffers);
			}
			return new NioChannel(buffers) {
				@Override
				public void free() {
				}
			};
		}

	}

}
