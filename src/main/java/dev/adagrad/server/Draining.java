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

/// Lets clients go before the server stops. When the service is told to stop, Spring Boot first makes readiness refuse.
/// Then for a while everything is answered as before, but with `Connection: close`, and only after that the server stops
/// taking connections. So a client that heeds either of these signs never sends a request over a connection that is being
/// closed.
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

	/// Makes an answer say that the connection ends, if the service is stopping.
	void tell(Request request, Response response) {
		if (this.draining && !"HTTP/2.0".equals(request.getProtocol())) {
			response.setHeader(HttpHeaders.CONNECTION, "close");
		}
	}

	/// Spring calls this before it stops anything, and a second time if the management
	/// endpoints have their own port and thus their own context.
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
