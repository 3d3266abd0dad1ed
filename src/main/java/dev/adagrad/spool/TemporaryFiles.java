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

/// Opens temporary files in a folder, which is created on first use. If the system has users, only the process's own
/// user may read the files.
///
/// If the system allows it, a file is deleted as soon as it is open, so that a killed process leaves nothing behind.
/// Otherwise the system deletes the file when it is closed. The code that opens a file closes it.
///
/// Safe for use by any number of threads.
public final class TemporaryFiles implements Spool {

	private static final String PREFIX = "adagrad-";

	private static final String SUFFIX = ".spool";

	private static final Pattern NAME = Pattern.compile(PREFIX + "\\d+" + SUFFIX.replace(".", "\\."));

	/// A younger file may be about to lose its name.
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

	/// Opens a new, empty file.
	/// @param disk told how many bytes are written
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
			// the folder does not exist yet, or was swept away
			Files.createDirectories(this.folder);
			return Files.createTempFile(this.folder, PREFIX, SUFFIX);
		}
	}

	/// Removes files left by a killed process: on a system where files keep their names,
	/// or if it was killed before its new file lost its name. A living process can go on
	/// using a file that it has open. No other files have such names.
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
					// it belongs to someone else, or is gone by now; it does no harm
				}
			}
		}
	}

}
