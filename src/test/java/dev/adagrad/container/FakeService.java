package dev.adagrad.container;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/// Answers every call with 200 and nothing, unless told otherwise, and remembers them.
final class FakeService implements AutoCloseable {

	private final Map<String, Queue<Integer>> statuses = new ConcurrentHashMap<>();

	private final Queue<String> calls = new ConcurrentLinkedQueue<>();

	private final HttpServer server;

	FakeService() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
		this.server.createContext("/", this::handle);
		this.server.start();
	}

	/// Answers a call with these statuses, in this order, the last one forever.
	FakeService answer(String call, Integer... inOrder) {
		this.statuses.put(call, new ConcurrentLinkedDeque<>(List.of(inOrder)));
		return this;
	}

	int port() {
		return this.server.getAddress().getPort();
	}

	Queue<String> calls() {
		return this.calls;
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
			exchange.getRequestBody().readAllBytes();
			this.calls.add(call);
			Queue<Integer> inOrder = this.statuses.getOrDefault(call, new ConcurrentLinkedQueue<>(List.of(200)));
			Integer status = (inOrder.size() > 1) ? inOrder.poll() : inOrder.peek();
			exchange.sendResponseHeaders(status, -1);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
