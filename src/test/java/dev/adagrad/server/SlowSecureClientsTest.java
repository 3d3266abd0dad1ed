package dev.adagrad.server;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;

import javax.net.ssl.SSLContext;

import dev.adagrad.LongTest;
import dev.adagrad.TestClient;
import dev.adagrad.TlsKeys;
import org.junit.jupiter.api.io.TempDir;

/// The same over TLS.
@LongTest
class SlowSecureClientsTest extends SlowClientsContract {

	@TempDir
	private static Path folder;

	private SSLContext context;

	@Override
	String[] settings() throws Exception {
		TlsKeys keys = TlsKeys.in(folder);
		this.context = keys.context();
		return keys.settings();
	}

	@Override
	TestClient prompt(int port) {
		return TestClient.secure(this.context, port);
	}

	@Override
	Socket over(Socket connected) throws IOException {
		return this.context.getSocketFactory().createSocket(connected, "localhost", connected.getPort(), true);
	}

}
