package dev.adagrad.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/// Takes spans over OTLP as a collector does, and keeps the bytes of each request (protobuf).
final class Collector implements AutoCloseable {

	private static final int PATIENCE_SECONDS = 30;

	private final HttpServer server;

	private final BlockingQueue<byte[]> came = new LinkedBlockingQueue<>();

	private final List<String> paths = new CopyOnWriteArrayList<>();

	private volatile int status = 200;

	private Collector(HttpServer server) {
		this.server = server;
	}

	static Collector start() {
		try {
			Collector collector = new Collector(
					HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
			collector.server.createContext("/", collector::take);
			collector.server.start();
			return collector;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void take(HttpExchange exchange) throws IOException {
		try (exchange) {
			this.paths.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
			this.came.add(exchange.getRequestBody().readAllBytes());
			exchange.sendResponseHeaders(this.status, -1);
		}
	}

	/// What names this collector to a service.
	String setting() {
		return "--" + TracingCondition.ENDPOINT + "=http://127.0.0.1:" + this.server.getAddress().getPort()
				+ "/v1/traces";
	}

	/// Waits until all of this has come, in one request or in several: the bytes of a
	/// trace, which is named in hexadecimal, and some words.
	/// @return all that has come, each byte as a character
	String await(String trace, String... words) {
		StringBuilder all = new StringBuilder();
		List<String> missing = new ArrayList<>(List.of(words));
		missing.add(text(HexFormat.of().parseHex(trace)));
		while (!missing.stream().allMatch((word) -> all.indexOf(word) >= 0)) {
			all.append(text(next(all)));
		}
		return all.toString();
	}

	private byte[] next(StringBuilder all) {
		try {
			byte[] next = this.came.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
			if (next == null) {
				throw new AssertionError("no more has come than " + all);
			}
			return next;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/// Answers with this status from now on.
	void answer(int status) {
		this.status = status;
	}

	/// Method and path of all that has come.
	List<String> paths() {
		return this.paths;
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
