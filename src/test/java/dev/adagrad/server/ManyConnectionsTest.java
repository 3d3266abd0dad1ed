package dev.adagrad.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.adagrad.ServiceProcess;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// More connections at once than there is memory for their buffers.
class ManyConnectionsTest {

	/// Of 96 MiB half is for connections: 768 of them.
	private static final int TAKEN = 700;

	/// Buffers for all would take 168 MiB.
	private static final int MORE = 2000;

	private static final byte[] REQUEST = "HEAD /actuator/health/liveness HTTP/1.1\r\nHost: test\r\n\r\n"
		.getBytes(StandardCharsets.US_ASCII);

	@Test
	void thoseThatAreTakenAreServedAndTheOthersWait() throws IOException {
		try (ServiceProcess service = ServiceProcess.start(List.of("-Xmx96m"))) {
			List<Closeable> opened = new ArrayList<>();
			try {
				InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), service.port());
				List<Socket> taken = new ArrayList<>();
				for (int i = 0; i < TAKEN; i++) {
					Socket socket = new Socket(address.getAddress(), address.getPort());
					opened.add(socket);
					taken.add(socket);
					assertAnswered(socket);
				}
				for (int i = 0; i < MORE; i++) {
					SocketChannel channel = SocketChannel.open();
					opened.add(channel);
					channel.configureBlocking(false);
					channel.connect(address);
				}
				for (Socket socket : taken) {
					assertAnswered(socket);
				}
			}
			finally {
				for (Closeable connection : opened) {
					connection.close();
				}
			}
			assertThat(service.client().step("{\"parameter\":1,\"grad\":0.1,\"G\":0}").status()).isEqualTo(200);
		}
	}

	private static void assertAnswered(Socket socket) throws IOException {
		socket.getOutputStream().write(REQUEST);
		StringBuilder answer = new StringBuilder();
		while (answer.indexOf("\r\n\r\n") < 0) {
			int next = socket.getInputStream().read();
			assertThat(next).as("%s", answer).isNotNegative();
			answer.append((char) next);
		}
		assertThat(answer).startsWith("HTTP/1.1 200");
	}

}
