package dev.adagrad.session.store.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Optional;
import java.util.zip.CRC32C;

import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.Journal;
import dev.adagrad.session.store.SessionRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out, after a crash, whether the database has all that was committed. SQLite cannot tell a log that was cut or
/// damaged from one whose last commit never ended: it silently goes on with what comes before.
///
/// 1. After each commit, before anybody is told of it, a file beside the database gets the key of one session that was
/// written, and how often that session has been written.
/// 2. At a start after a crash, that session must have been written that often, or be gone if it was deleted. One
/// session is enough, since a commit is whole or not at all, and so is everything before it.
/// 3. The file is deleted when the store is closed. The database has everything then, and a copy may be put in its
/// place.
///
/// The file is not part of the commit. After a kill it may be one commit behind. It is never ahead, unless the power
/// failed where commits do not wait for the disk.
///
/// Layout, big-endian: 8 bytes for the session's key, 8 bytes for its number of changes (−1 if the session is gone), 4
/// bytes for the CRC32C of these 16.
///
/// To be used by one thread.
final class Witness implements Journal {

	private static final Logger LOG = LoggerFactory.getLogger(Witness.class);

	private static final int BYTES = 2 * Long.BYTES + Integer.BYTES;

	private static final long GONE = -1;

	private final Path file;

	private final FileChannel channel;

	private final ByteBuffer record = ByteBuffer.allocate(BYTES);

	private boolean pending;

	private long key;

	private long changes;

	private boolean failed;

	private Witness(Path file, FileChannel channel) {
		this.file = file;
		this.channel = channel;
	}

	/// Makes the file if it is missing.
	/// @param file beside the database
	static Witness open(Path file) throws IOException {
		return new Witness(file,
				FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
	}

	/// What the database has lost, in a few words; empty if it has lost nothing, or if
	/// nothing is known.
	Optional<String> missing(Database database) throws SQLException, IOException {
		ByteBuffer read = ByteBuffer.allocate(BYTES);
		this.channel.read(read, 0);
		if (read.hasRemaining() || read.getInt(2 * Long.BYTES) != checksum(read)) {
			return Optional.empty();
		}
		long key = read.getLong(0);
		long expected = read.getLong(Long.BYTES);
		Optional<Long> stored = database.one("SELECT changes FROM sessions WHERE session_key = ?",
				(result) -> result.getLong(1), key);
		if (expected == GONE) {
			return stored.map((_) -> "a session that was deleted is there again");
		}
		if (stored.isPresent()) {
			return (stored.get() < expected) ? Optional.of("a session that was written " + expected
					+ " times since it was created is as it was after " + stored.get()) : Optional.empty();
		}
		boolean discarded = database.one("SELECT session_key FROM garbage WHERE session_key = ?", (result) -> true, key)
			.isPresent();
		return discarded ? Optional.empty() : Optional.of("a session that was created is not there");
	}

	private static int checksum(ByteBuffer record) {
		CRC32C crc = new CRC32C();
		crc.update(record.slice(0, 2 * Long.BYTES));
		return (int) crc.getValue();
	}

	/// A transaction begins.
	void begin() {
		this.pending = false;
	}

	@Override
	public void wrote(SessionRow row) {
		this.key = row.key();
		this.changes = row.changes();
		this.pending = true;
	}

	@Override
	public void removed(long key) {
		this.key = key;
		this.changes = GONE;
		this.pending = true;
	}

	/// The transaction that began last is committed.
	void committed() {
		if (!this.pending) {
			return;
		}
		this.pending = false;
		this.record.clear().putLong(this.key).putLong(this.changes).putInt(checksum(this.record)).flip();
		try {
			this.channel.write(this.record, 0);
		}
		catch (IOException ex) {
			// the commit stands, whatever happens to the file
			if (!this.failed) {
				LOG.warn("{} cannot be written: {}", this.file, ex.toString());
			}
			this.failed = true;
		}
	}

	/// The database is closed.
	void close() {
		try {
			this.channel.close();
			Files.deleteIfExists(this.file);
		}
		catch (IOException ex) {
			LOG.warn("{} cannot be removed: {}", this.file, ex.toString());
		}
	}

}
