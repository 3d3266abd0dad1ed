package dev.adagrad.access;

import java.util.Optional;

/// From where the service may be called.
///
/// @param mode whom the service serves
/// @param hosts the names by which it may be called; empty for any. Where a call needs a key, any will do: a page of
/// another name has none
record Visitors(AccessMode mode, Optional<Hosts> hosts) {

	static Visitors of(AccessMode mode, AccessProperties properties) {
		boolean any = mode.asksForKey() || (mode == AccessMode.OPEN && properties.hosts().isEmpty());
		return new Visitors(mode, any ? Optional.empty() : Optional.of(new Hosts(properties.hosts())));
	}

}
