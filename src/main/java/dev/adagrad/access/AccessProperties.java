package dev.adagrad.access;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How callers are recognised.
///
/// @param hosts where no key is needed, the names under which the service may be called, without ports; `localhost` and
/// the addresses of the loopback always belong to them. Default: with `local` no others, with `open` any
/// @param keys the file with the records of keys. It is read again when it has changed
/// @param keyRecords the records themselves, for containers: each as a line of the file, separated by commas
/// @param jwt what tokens say
@ConfigurationProperties("adagrad.access")
record AccessProperties(@DefaultValue List<String> hosts, @Nullable String keys, @DefaultValue List<String> keyRecords,
		@DefaultValue Jwt jwt) {

	private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");

	/// @throws IllegalArgumentException if a host is not the name of one
	AccessProperties {
		hosts = List.copyOf(hosts);
		keyRecords = List.copyOf(keyRecords);
		for (String host : hosts) {
			if (!HOST.matcher(host).matches()) {
				throw new IllegalArgumentException("adagrad.access.hosts must hold names or addresses without a port, "
						+ "such as optimizer.example.org or [::1], was " + host);
			}
		}
	}

	/// The file with the records of keys, if there is one.
	Optional<String> keysFile() {
		return Optional.ofNullable(this.keys).filter((file) -> !file.isBlank());
	}

	/// What the claims of a token mean.
	///
	/// @param scopeClaim the claim with the scopes: a list, or names with spaces between
	/// them
	/// @param scopePrefix what the names of scopes begin with; others are ignored
	/// @param tenantClaim the claim with the tenant; every token must have it. Default:
	/// none, all tokens are of the
	/// tenant `default`
	record Jwt(@DefaultValue("scope") String scopeClaim, @DefaultValue("") String scopePrefix,
			@Nullable String tenantClaim) {

	}

}
