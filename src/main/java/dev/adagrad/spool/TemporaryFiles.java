package dev.adagrad.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Opens temporary files in a folder, which is made when it is first needed. Only the process's own user may read them,
/// where the system knows users.
///
/// A file is deleted as soon as it is open where the system allows that, so that nothing is left behind by a process
/// that is killed; else the system deletes it when it is closed. Whoever opens a file closes it.
///
/// Safe for use by any number of threads.
public final class TemporaryFiles implements Spool {

	private final Path folder;

	/// @param folder need not exist
	public TemporaryFiles(Path folder) {
		this.folder = folder;
	}

	@Override
	public SpoolFile open() throws IOException {
		try {
			Path path = create();
			try {
				// on a POSIX system this option unlinks the file at once
				return new SpoolFile(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE,
						StandardOpenOption.DELETE_ON_CLOSE));
			}
			catch (IOException ex) {
				Files.deleteIfExists(path);
				throw ex;
			}
		}
		catch (IOException ex) {
			throw SpoolFullException.ifFull(ex);
		}
	}

	private Path create() throws IOException {
		try {
			return createFile();
		}
		catch (NoSuchFileException ex) {
			// not there yet, or swept away
			Files.createDirectories(this.folder);
			return createFile();
		}
	}

	private Path createFile() throws IOException {
		return Files.createTempFile(this.folder, "adagrad-", ".spool");
	}

}
