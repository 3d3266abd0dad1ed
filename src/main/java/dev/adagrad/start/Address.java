package dev.adagrad.start;

import java.net.InetAddress;

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
			logger.info("open {}", address(web.getWebServer().getPort()));
		}
	}

	private String address(int port) {
		InetAddress bound = this.server.getAddress();
		String host = (bound == null || bound.isAnyLocalAddress() || bound.isLoopbackAddress()) ? "localhost"
				: bound.getHostAddress();
		boolean secure = this.server.getSsl() != null && this.server.getSsl().isEnabled();
		return (secure ? "https" : "http") + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/";
	}

}
