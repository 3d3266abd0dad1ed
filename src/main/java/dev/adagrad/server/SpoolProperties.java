package dev.adagrad.server;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// A folder for tensors that are too large for memory, while their request is under way.
///
/// @param path the folder, created when it is first needed. Empty means that of the system, `java.io.tmpdir`
/// @param maxSize maximum size of the folder for all requests under way. Beyond it a request is refused with 507. 0 means
/// no fixed limit. They never take more than half of what the disk has free
/// @param maxSizePerClient maximum size for the requests of one address. 0 means half of what all may take
@ConfigurationProperties("adagrad.spool")
record SpoolProperties(@DefaultValue("") String path, @DefaultValue("0B") DataSize maxSize,
		@DefaultValue("0B") DataSize maxSizePerClient) {

	/// @throws IllegalArgumentException if there can be no such folder, or a size is
	/// negative
	SpoolProperties {
		if (path.isEmpty()) {
			path = System.getProperty("java.io.tmpdir");
		}
		try {
			path = Path.of(path).toString();
		}
		catch (InvalidPathException ex) {
			throw new IllegalArgumentException("adagrad.spool.path must be a folder, was " + path, ex);
		}
		LimitsProperties.requireNotNegative("adagrad.spool.max-size", maxSize);
		LimitsProperties.requireNotNegative("adagrad.spool.max-size-per-client", maxSizePerClient);
	}

}
