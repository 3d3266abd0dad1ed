package dev.adagrad.container;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import org.jspecify.annotations.Nullable;

/// The image's `HEALTHCHECK`: asks the service in the same container whether it is ready. Exits with 0 if it is ready,
/// else with 1 and a line with the reason, which `docker inspect` shows.
///
/// Each check starts a JVM, so this speaks HTTP over a bare socket: the JDK's client classes would cost more than the
/// check itself. If the service speaks TLS, so does this.
public final class HealthCheck {

	static final String PATH = "/actuator/health/readiness";

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private static final int STATUS_LINE_BYTES = "HTTP/1.1 200".length();

	private HealthCheck() {
	}

	public static void main(String[] args) {
		String problem = problem(port(System.getenv()), TIMEOUT);
		if (problem != null) {
			System.out.println(problem);
			System.exit(1);
		}
	}

	/// The port on which the service reports its health: that of the management server
	/// if it has its own port.
	static int port(Map<String, String> environment) {
		String port = environment.getOrDefault("MANAGEMENT_SERVER_PORT",
				environment.getOrDefault("SERVER_PORT", "8080"));
		return Integer.parseInt(port.strip());
	}

	/// The reason why the service on a port of this machine is not ready, or null if it
	/// is ready. Whether it speaks TLS is not read from its settings, which may stand in
	/// many places: it answers 400 to clear text if it does.
	/// @param timeout for the connection, and again for each wait for bytes of the answer
	static @Nullable String problem(int port, Duration timeout) {
		try {
			String status = status(port, timeout, false);
			if (status.endsWith(" 400")) {
				status = status(port, timeout, true);
			}
			return status.endsWith(" 200") ? null : "not ready: " + (status.isEmpty() ? "no answer" : status);
		}
		catch (IOException | GeneralSecurityException ex) {
			return "not ready: " + ex.getMessage();
		}
	}

	private static String status(int port, Duration timeout, boolean secure)
			throws IOException, GeneralSecurityException {
		try (Socket plain = new Socket()) {
			plain.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), (int) timeout.toMillis());
			plain.setSoTimeout((int) timeout.toMillis());
			try (Socket socket = secure ? secured(plain) : plain) {
				String request = "GET " + PATH + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
						+ "\r\nConnection: close\r\n\r\n";
				socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
				InputStream in = socket.getInputStream();
				String status = new String(in.readNBytes(STATUS_LINE_BYTES), StandardCharsets.US_ASCII);
				// read to the end, so that the service never writes into a closed
				// connection
				in.skip(Long.MAX_VALUE);
				return status;
			}
		}
	}

	private static Socket secured(Socket socket) throws IOException, GeneralSecurityException {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, new TrustManager[] { new TrustsItself() }, null);
		return context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
	}

	/// Takes any certificate: the other end is in the same container, and its
	/// certificate names the host that others call.
	private static final class TrustsItself implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
			// there are no clients
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
			// any is as good as another
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
