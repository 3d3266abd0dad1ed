package dev.adagrad.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

import dev.adagrad.ServiceProcess;
import org.junit.jupiter.api.Test;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// More connections than there is memory outside of the heap for their buffers, although the heap, a large one, would do.
class NoMemoryForConnectionsTest {

	/// Their buffers take 1.25 MiB. No more than are needed: before it gives up, the JVM
	/// has the collector run for about a second, for each of those that there is no room
	/// for.
	private static final int CONNECTIONS = 20;

	@Test
	void thoseBeyondItAreClosedAndOthersAreAcceptedAgain() throws IOException {
		try (ServiceProcess service = ServiceProcess.start(List.of("-Xmx2g", "-XX:MaxDirectMemorySize=1m"))) {
			List<Socket> opened = new ArrayList<>();
			try {
				for (int i = 0; i < CONNECTIONS; i++) {
					opened.add(new Socket(InetAddress.getLoopbackAddress(), service.port()));
				}
				Socket last = opened.getLast();
				last.setSoTimeout(60_000);
				assertThat(last.getInputStream().read()).as("closed").isNegative();
			}
			finally {
				for (Socket socket : opened) {
					socket.close();
				}
			}
			assertAnswersSoon(service);
		}
	}

	/// The buffers of what was closed are free once the collector has been there.
	private static void assertAnswersSoon(ServiceProcess service) {
		int attempts = 0;
		while (true) {
			try {
				assertThat(service.client().step(json("{'parameter':1,'grad':0.1,'G':0}")).status()).isEqualTo(200);
				return;
			}
			catch (UncheckedIOException ex) {
				assertThat(++attempts).as("attempts").isLessThan(50);
			}
		}
	}

}
