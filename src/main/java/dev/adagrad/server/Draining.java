package dev.adagrad.server;

import java.time.Duration;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/// Lets clients go before the server stops. When the service is told to stop, Spring Boot first has readiness refuse; then
/// for a while everything is answered as ever, but with `Connection: close`, and only then does the server take no more
/// connections. So nobody who heeds one of them sends a request over a connection that is just being closed.
///
/// Safe for use by any number of threads.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class Draining implements ApplicationListener<ContextClosedEvent> {

	private final Duration pause;

	private volatile boolean draining;

	Draining(ShutdownProperties shutdown) {
		this.pause = shutdown.pause();
	}

	/// Has an answer say that the connection ends, if it is time.
	void tell(Request request, Response response) {
		if (this.draining && !"HTTP/2.0".equals(request.getProtocol())) {
			response.setHeader(HttpHeaders.CONNECTION, "close");
		}
	}

	/// Comes before anything is stopped; and once more, if the management endpoints have
	/// a port, and so a context, of their own.
	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		if (event.getApplicationContext().getParent() != null) {
			return;
		}
		this.draining = true;
		try {
			Thread.sleep(this.pause);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
