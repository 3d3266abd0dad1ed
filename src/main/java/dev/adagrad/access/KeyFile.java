package dev.adagrad.access;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

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
		List<KeyRecord> records = new ArrayList<>();
		List<String> lines = lines();
		for (int i = 0; i < lines.size(); i++) {
			if (isRecord(lines.get(i))) {
				try {
					records.add(KeyRecord.parse(lines.get(i)));
				}
				catch (IllegalArgumentException ex) {
					throw new IOException("line " + (i + 1) + " of " + this.path + " " + ex.getMessage(), ex);
				}
			}
		}
		return records;
	}

	private static boolean isRecord(String line) {
		return !line.isBlank() && !line.stripLeading().startsWith("#");
	}

	private List<String> lines() throws IOException {
		requireOwnersAlone();
		try {
			return Files.readAllLines(this.path, StandardCharsets.UTF_8);
		}
		catch (CharacterCodingException ex) {
			throw new IOException(this.path + " is not UTF-8 text", ex);
		}
	}

	private void requireOwnersAlone() throws IOException {
		PosixFileAttributeView view = Files.getFileAttributeView(this.path, PosixFileAttributeView.class);
		if (view == null) {
			return;
		}
		if (view.readAttributes().permissions().stream().anyMatch(OTHERS_WRITE::contains)) {
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
		catch (NoSuchFileException ex) {
			throw new IOException("there is no file " + this.path, ex);
		}
	}

	/// Adds a record, and makes the file if it is not there, for its owner alone.
	void add(KeyRecord record) throws IOException {
		List<String> lines = new ArrayList<>();
		if (Files.exists(this.path, LinkOption.NOFOLLOW_LINKS)) {
			lines.addAll(lines());
		}
		lines.add(record.toString());
		write(lines);
	}

	/// Removes the records of a name.
	/// @return how many there were
	int remove(String name) throws IOException {
		List<String> kept = new ArrayList<>();
		List<String> lines = lines();
		for (String line : lines) {
			if (!isRecord(line) || !KeyRecord.parse(line).caller().name().equals(name)) {
				kept.add(line);
			}
		}
		if (kept.size() < lines.size()) {
			write(kept);
		}
		return lines.size() - kept.size();
	}

	/// Replaces the file at once, so that the service never reads half of it.
	private void write(List<String> lines) throws IOException {
		Path real = Files.exists(this.path) ? this.path.toRealPath() : this.path.toAbsolutePath();
		Path folder = Objects.requireNonNull(real.getParent());
		boolean posix = Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null;
		Path written = posix
				? Files.createTempFile(folder, ".keys", null, PosixFilePermissions.asFileAttribute(OWNER_ALONE))
				: Files.createTempFile(folder, ".keys", null);
		try {
			Files.write(written, lines, StandardCharsets.UTF_8);
			if (posix && Files.exists(real)) {
				Files.setPosixFilePermissions(written, Files.getPosixFilePermissions(real));
			}
			try {
				Files.move(written, real, StandardCopyOption.ATOMIC_MOVE);
			}
			catch (AtomicMoveNotSupportedException ex) {
				Files.move(written, real, StandardCopyOption.REPLACE_EXISTING);
			}
		}
		finally {
			Files.deleteIfExists(written);
		}
	}

}
