package dev.adagrad.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.adagrad.RunningService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Clients that announce a body and send none, as many as there may be connections, and long before their time is up.
@Timeout(60)
class SilentBodiesTest {

	private static final int CONNECTIONS = 40;

	@Test
	void keepNobodyOut() throws IOException {
		List<Socket> silent = new ArrayList<>();
		try (RunningService service = RunningService.start("--server.tomcat.max-connections=" + CONNECTIONS)) {
			for (int i = 0; i < CONNECTIONS + 10; i++) {
				Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
				silent.add(socket);
				socket.getOutputStream()
					.write(("POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
							+ "Content-Length: 100\r\n\r\n")
						.getBytes(StandardCharsets.US_ASCII));
			}
			long begun = System.nanoTime();
			for (int i = 0; i < 5; i++) {
				assertThat(service.client().step(json("{'parameter':1,'grad':0,'G':1}")).status()).isEqualTo(200);
			}
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(12));
			// or the service would wait for them when it is stopped
			close(silent);
		}
		finally {
			close(silent);
		}
	}

	private static void close(List<Socket> sockets) throws IOException {
		for (Socket socket : sockets) {
			socket.close();
		}
	}

}
