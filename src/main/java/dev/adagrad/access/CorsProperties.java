package dev.adagrad.access;

import java.util.List;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which web pages may call the service from a browser.
///
/// @param allowedOrigins their origins, such as `https://example.org`; `*` for all. Default: none
@ConfigurationProperties("adagrad.cors")
record CorsProperties(@DefaultValue List<String> allowedOrigins) {

	private static final Pattern ORIGIN = Pattern.compile("https?://[^/?#*@\\s]+");

	/// @throws IllegalArgumentException if one is no origin
	CorsProperties {
		allowedOrigins = List.copyOf(allowedOrigins);
		for (String origin : allowedOrigins) {
			if (!origin.equals("*") && !ORIGIN.matcher(origin).matches()) {
				throw new IllegalArgumentException("adagrad.cors.allowed-origins must hold origins such as "
						+ "https://example.org or http://localhost:3000, or *, was " + origin);
			}
		}
	}

}
