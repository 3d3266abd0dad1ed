package dev.adagrad.server;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where what is too large for memory goes while its request is under way.
///
/// @param path a folder, made when it is first needed. Empty stands for that of the system, `java.io.tmpdir`, and is
/// replaced by it
@ConfigurationProperties("adagrad.spool")
record SpoolProperties(@DefaultValue("") String path) {

	/// @throws IllegalArgumentException if there can be no such folder
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
	}

}
