package dev.adagrad.session.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Files that only the service's own user may read or write, whatever the umask is. SQLite gives the files beside its
/// database the mode of the database file.
final class OwnerOnly {

	private static final Logger LOG = LoggerFactory.getLogger(OwnerOnly.class);

	private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

	private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");

	private OwnerOnly() {
	}

	/// Makes a folder and its parents if they are missing. A folder that exists keeps its
	/// mode.
	static void makeFolder(Path folder) throws IOException {
		Files.createDirectories(folder, attributes(folder, FOLDER));
	}

	/// Makes a file if it is missing. Takes the rights of other users away from a file
	/// that exists.
	static void makeFile(Path file) throws IOException {
		if (!Files.exists(file)) {
			Files.createFile(file, attributes(file, FILE));
		}
		else if (isPosix(file) && !Files.getPosixFilePermissions(file).equals(FILE)) {
			try {
				Files.setPosixFilePermissions(file, FILE);
				LOG.info("{} may be read and written by its owner alone from now on", file);
			}
			catch (IOException ex) {
				LOG.warn("others may read or write {}: {}", file, ex.toString());
			}
		}
	}

	private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
		return isPosix(path) ? new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(permissions) }
				: new FileAttribute<?>[0];
	}

	private static boolean isPosix(Path path) {
		return path.getFileSystem().supportedFileAttributeViews().contains("posix");
	}

}
