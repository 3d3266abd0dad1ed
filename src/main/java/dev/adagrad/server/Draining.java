package dev.adagrad.server;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.ServletException;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;

/// Lets clients go before the server stops. When the service is told to stop, Spring Boot first has readiness refuse; then
/// for a while everything is answered as ever, but with `Connection: close`, and only then does the server take no more
/// connections. So nobody who heeds one of them sends a request over a connection that is just being closed.
///
/// Safe for use by any number of threads.
class Draining implements SmartLifecycle {

	private final Duration pause;

	private volatile boolean running;

	private volatile boolean draining;

	/// @param pause how long that while is
	Draining(Duration pause) {
		this.pause = pause;
	}

	/// Says in each answer that the connection ends.
	Valve valve() {
		return new ValveBase(true) {
			@Override
			public void invoke(Request request, Response response) throws IOException, ServletException {
				if (Draining.this.draining && !"HTTP/2.0".equals(request.getProtocol())) {
					response.setHeader(HttpHeaders.CONNECTION, "close");
				}
				getNext().invoke(request, response);
			}
		};
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		stop(() -> {
		});
	}

	@Override
	public void stop(Runnable callback) {
		this.draining = true;
		this.running = false;
		CompletableFuture.delayedExecutor(this.pause.toMillis(), TimeUnit.MILLISECONDS).execute(callback);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/// The first to be stopped.
	@Override
	public int getPhase() {
		return Integer.MAX_VALUE;
	}

}
