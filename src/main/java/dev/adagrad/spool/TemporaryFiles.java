package dev.adagrad.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

import dev.adagrad.tensor.Memory;

/// Opens temporary files in a folder, which is made when it is first needed. Only the process's own user may read them,
/// where the system knows users.
///
/// A file is deleted as soon as it is open where the system allows that, so that nothing is left behind by a process
/// that is killed; else the system deletes it when it is closed. Whoever opens a file closes it.
///
/// Safe for use by any number of threads.
public final class TemporaryFiles implements Spool {

	private static final String PREFIX = "adagrad-";

	private static final String SUFFIX = ".spool";

	private static final Pattern NAME = Pattern.compile(PREFIX + "\\d+" + SUFFIX.replace(".", "\\."));

	/// A younger file may be on its way to losing its name.
	private static final Duration MADE_SINCE = Duration.ofMinutes(1);

	private final Path folder;

	/// @param folder need not exist
	public TemporaryFiles(Path folder) {
		this.folder = folder;
	}

	@Override
	public SpoolFile open() throws IOException {
		return open(Memory.UNCOUNTED);
	}

	/// A new, empty file.
	/// @param disk told of what is written to it
	SpoolFile open(Memory disk) throws IOException {
		try {
			Path path = create();
			try {
				// on a POSIX system this option unlinks the file at once
				return new SpoolFile(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE,
						StandardOpenOption.DELETE_ON_CLOSE), disk);
			}
			catch (IOException ex) {
				Files.deleteIfExists(path);
				throw ex;
			}
		}
		catch (IOException ex) {
			throw SpoolFull.ifFull(ex);
		}
	}

	private Path create() throws IOException {
		try {
			return Files.createTempFile(this.folder, PREFIX, SUFFIX);
		}
		catch (NoSuchFileException ex) {
			// not there yet, or swept away
			Files.createDirectories(this.folder);
			return Files.createTempFile(this.folder, PREFIX, SUFFIX);
		}
	}

	/// Removes files that a process has left which was killed before a file that it had
	/// made lost its name, or on a system where it keeps it. What a living process has
	/// open it goes on with all the same; nothing else bears such a name.
	/// @throws IOException if the folder cannot be read
	void sweep() throws IOException {
		if (!Files.isDirectory(this.folder)) {
			return;
		}
		Instant longAgo = Instant.now().minus(MADE_SINCE);
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.folder, PREFIX + "*" + SUFFIX)) {
			for (Path file : files) {
				try {
					if (NAME.matcher(file.getFileName().toString()).matches()
							&& Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
								.toInstant()
								.isBefore(longAgo)) {
						Files.delete(file);
					}
				}
				catch (IOException ex) {
					// another's, or gone meanwhile; it harms nobody
				}
			}
		}
	}

}
