package dev.adagrad.access;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// From where the service may be called.
///
/// A page whose name an attacker has pointed to this machine (DNS rebinding) calls the service by the name of that
/// page. So the name tells such a call from others.
///
/// @param mode whom the service serves
/// @param hosts the names by which it may be called beside those of the loopback, without a port; empty for any. Where a
/// call needs a key, any will do: a page of another name has none
record Visitors(AccessMode mode, Optional<List<String>> hosts) {

	private static final Pattern PORT = Pattern.compile(":[0-9]*$");

	private static final Pattern ADDRESS = Pattern.compile("127(\\.[0-9]{1,3}){3}|\\[[0-9A-Fa-f:.]+]");

	static Visitors of(AccessMode mode, AccessProperties properties) {
		boolean any = mode.asksForKey() || (mode == AccessMode.OPEN && properties.hosts().isEmpty());
		return new Visitors(mode, any ? Optional.empty() : Optional.of(properties.hosts()));
	}

	/// Whether the service may be called by a value of the header `Host`.
	boolean mayCall(String host) {
		if (this.hosts.isEmpty()) {
			return true;
		}
		String name = PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT);
		return name.equals("localhost") || name.endsWith(".localhost")
				|| (ADDRESS.matcher(name).matches() && isLoopback(name))
				|| this.hosts.get().stream().anyMatch(name::equalsIgnoreCase);
	}

	/// Whether an address, with or without brackets, is one of the loopback.
	static boolean isLoopback(String address) {
		try {
			return InetAddress.ofLiteral(address).isLoopbackAddress();
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

}
