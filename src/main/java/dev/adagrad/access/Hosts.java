package dev.adagrad.access;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The names under which the service may be called: those of the loopback, and those of the settings.
///
/// A page whose name an attacker has pointed to this machine (DNS rebinding) calls the service by the name of that
/// page. So the name tells such a call from others.
///
/// @param more names without a port
record Hosts(List<String> more) {

	private static final Pattern PORT = Pattern.compile(":[0-9]*$");

	private static final Pattern ADDRESS = Pattern.compile("127(\\.[0-9]{1,3}){3}|\\[[0-9A-Fa-f:.]+]");

	/// Whether a value of the header `Host` names the service.
	boolean name(String host) {
		String name = PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT);
		return name.equals("localhost") || name.endsWith(".localhost")
				|| (ADDRESS.matcher(name).matches() && isLoopback(name))
				|| this.more.stream().anyMatch(name::equalsIgnoreCase);
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
