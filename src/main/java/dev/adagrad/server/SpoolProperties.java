package dev.adagrad.server;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Where what is too large for memory goes while its request is under way.
///
/// @param path a folder, made when it is first needed. Empty stands for that of the system, `java.io.tmpdir`, and is
/// replaced by it
/// @param maxSize how many bytes all requests under way may have there; beyond it they are refused with 507. 0 for no such
/// bound. In any case they have no more than half of what the disk has free
/// @param maxSizePerClient how many bytes those of one address may have there. 0 for half of what all may
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
