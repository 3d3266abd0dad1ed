package dev.adagrad.server;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which pages in a browser may call.
///
/// @param allowedOrigins such as `https://example.org`; `*` for every origin; none by default
@ConfigurationProperties("adagrad.cors")
record CorsProperties(@DefaultValue List<String> allowedOrigins) {

	CorsProperties {
		allowedOrigins = List.copyOf(allowedOrigins);
	}

}
