package dev.adagrad.server;

import java.net.Socket;

import dev.adagrad.TestClient;

class SlowClientsTest extends SlowClientsContract {

	@Override
	String[] settings() {
		return new String[0];
	}

	@Override
	TestClient prompt(int port) {
		return new TestClient(port);
	}

	@Override
	Socket over(Socket connected) {
		return connected;
	}

}
