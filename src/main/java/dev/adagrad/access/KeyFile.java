package dev.adagrad.access;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// A file with the records of keys, one a line. Empty lines, and lines that begin with `#`, are for people.
///
/// Nobody but its owner may be able to write it: who can, can let anybody in.
///
/// @param path where it is
record KeyFile(Path path) {

	private static final Set<PosixFilePermission> OTHERS_WRITE = Set.of(PosixFilePermission.GROUP_WRITE,
			PosixFilePermission.OTHERS_WRITE);

	private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rw-------");

	/// @throws IOException if it cannot be read, if others may write it, or if a line is
	/// no record; the message is a sentence
	List<KeyRecord> read() throws IOException {
		List<String> lines = lines();
		List<KeyRecord> records = new ArrayList<>();
		for (int i = 0; i < lines.size(); i++) {
			record(lines, i).ifPresent(records::add);
		}
		return records;
	}

	private Optional<KeyRecord> record(List<String> lines, int index) throws IOException {
		String line = lines.get(index);
		if (line.isBlank() || line.stripLeading().startsWith("#")) {
			return Optional.empty();
		}
		try {
			return Optional.of(KeyRecord.parse(line));
		}
		catch (IllegalArgumentException ex) {
			throw new IOException("line " + (index + 1) + " of " + this.path + " " + ex.getMessage(), ex);
		}
	}

	private List<String> lines() throws IOException {
		try {
			requireOwnersAlone();
			return Files.readAllLines(this.path, StandardCharsets.UTF_8);
		}
		catch (CharacterCodingException ex) {
			throw new IOException(this.path + " is not UTF-8 text", ex);
		}
		catch (FileSystemException ex) {
			throw inWords(ex);
		}
	}

	private void requireOwnersAlone() throws IOException {
		PosixFileAttributeView view = Files.getFileAttributeView(this.path, PosixFileAttributeView.class);
		if (view != null && view.readAttributes().permissions().stream().anyMatch(OTHERS_WRITE::contains)) {
			throw new IOException("others than the owner may write " + this.path + ": chmod go-w " + this.path);
		}
	}

	/// What changes whenever the file does, as far as the file system tells.
	String stamp() throws IOException {
		try {
			BasicFileAttributes attributes = Files.readAttributes(this.path, BasicFileAttributes.class);
			return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey() + " "
					+ ((Files.getFileAttributeView(this.path, PosixFileAttributeView.class) != null)
							? Files.getPosixFilePermissions(this.path) : "");
		}
		catch (FileSystemException ex) {
			throw inWords(ex);
		}
	}

	/// The messages of Java's own exceptions are names of files.
	private IOException inWords(FileSystemException ex) {
		return new IOException(switch (ex) {
			case NoSuchFileException missing -> "there is no file " + this.path;
			case AccessDeniedException denied -> "there is no right to read or write " + this.path;
			default -> this.path + " cannot be used: " + ex.getMessage();
		}, ex);
	}

	/// Adds a record, and makes the file if it is not there, for its owner alone.
	void add(KeyRecord record) throws IOException {
		change(true, (lines) -> lines.add(record.toString()));
	}

	/// Removes the records of a name.
	/// @return how many there were
	int remove(String name) throws IOException {
		AtomicInteger removed = new AtomicInteger();
		change(false, (lines) -> {
			for (int i = lines.size() - 1; i >= 0; i--) {
				if (record(lines, i).filter((record) -> record.caller().name().equals(name)).isPresent()) {
					lines.remove(i);
					removed.incrementAndGet();
				}
			}
		});
		return removed.get();
	}

	/// Changes the lines. Two commands at the same time wait for each other. They lock a
	/// file beside this one, since this one is replaced.
	/// @param mayBeMade whether the file need not be there
	private void change(boolean mayBeMade, Change change) throws IOException {
		Path real = Files.exists(this.path) ? this.path.toRealPath() : this.path.toAbsolutePath();
		boolean posix = real.getFileSystem().supportedFileAttributeViews().contains("posix");
		FileAttribute<?>[] attributes = posix
				? new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(OWNER_ALONE) }
				: new FileAttribute<?>[0];
		Set<OpenOption> options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE);
		try (FileChannel beside = FileChannel.open(real.resolveSibling(real.getFileName() + ".lock"), options,
				attributes); FileLock _ = beside.lock()) {
			List<String> lines = (mayBeMade && !Files.exists(real)) ? new ArrayList<>() : new ArrayList<>(lines());
			change.apply(lines);
			replace(real, lines, attributes);
		}
		catch (FileSystemException ex) {
			throw inWords(ex);
		}
	}

	/// Replaces the file at once, so that the service never reads half of it.
	private static void replace(Path file, List<String> lines, FileAttribute<?>... attributes) throws IOException {
		Path written = Files.createTempFile(Objects.requireNonNull(file.getParent()), ".keys", null, attributes);
		try {
			Files.write(written, lines, StandardCharsets.UTF_8);
			if (attributes.length > 0 && Files.exists(file)) {
				Files.setPosixFilePermissions(written, Files.getPosixFilePermissions(file));
			}
			Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Files.deleteIfExists(written);
		}
	}

	/// A change of the lines.
	private interface Change {

		void apply(List<String> lines) throws IOException;

	}

}
