package dev.adagrad.start;

import java.net.InetAddress;
import java.util.Objects;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/// Logs the address to open as the last line of a start.
@Component
class Address {

	private static final Logger logger = LoggerFactory.getLogger(Address.class);

	private final ServerProperties server;

	Address(ServerProperties server) {
		this.server = server;
	}

	@EventListener
	@Order(Ordered.LOWEST_PRECEDENCE)
	void ready(ApplicationReadyEvent event) {
		if (event.getApplicationContext() instanceof WebServerApplicationContext web && web.getWebServer() != null) {
			logger.info("open {}", of(this.server, web.getWebServer().getPort()));
		}
	}

	/// What a browser on this machine opens, or on another where the service listens on
	/// one address alone.
	static String of(ServerProperties server, int port) {
		InetAddress bound = server.getAddress();
		String host = (bound == null || bound.isAnyLocalAddress() || bound.isLoopbackAddress()) ? "localhost"
				: bound.getHostAddress();
		boolean secure = server.getSsl() != null && server.getSsl().isEnabled();
		String prefix = Objects.requireNonNullElse(server.getServlet().getContextPath(), "");
		return (secure ? "https" : "http") + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port
				+ prefix + "/";
	}

}
