package dev.adagrad.session.store.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;

import dev.adagrad.session.store.Database;
import org.jspecify.annotations.Nullable;

/// Takes room on the disk for SQLite's index of its log, `adagrad.db-shm`, in advance. SQLite maps that file into
/// memory, and leaves holes in it if blocks of the disk are smaller than 4 KiB. On a full disk, a write into such a
/// hole ends the process (SIGBUS).
///
/// The file stays open as long as the store. A process that closes any of its handles of a file loses the locks that
/// SQLite has on it. So a handle is closed only when another file has taken the place of its own.
///
/// To be used by one thread.
///
/// @see <a href="https://www.sqlite.org/walformat.html#the_wal_index_file_format">SQLite: the WAL-index</a>
/// @see <a href="https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_">How
/// to corrupt: locks cancelled by close()</a>
final class LogIndexRoom implements AutoCloseable {

	/// SQLite may change these bytes at any time, and has written them itself. It changes
	/// the bytes behind them only under the writer's lock.
	private static final int HEADER_BYTES = 136;

	/// The bytes of the index for each 16 MiB of the log (4,096 pages).
	private static final long REGION_BYTES = 32 << 10;

	private static final long LOG_BYTES_PER_REGION = 16 << 20;

	/// Enough for a log of 2 GiB.
	private static final long MOST_BYTES = 4 << 20;

	private final Path file;

	private final long bytes;

	private @Nullable FileChannel channel;

	private @Nullable Object fileKey;

	/// @param diskBytes the size of the disk; the log cannot be larger
	LogIndexRoom(Path file, long diskBytes) {
		this.file = file;
		this.bytes = Math.min(MOST_BYTES, REGION_BYTES * (diskBytes / LOG_BYTES_PER_REGION + 2));
	}

	/// @param database of the file, with no transaction open
	/// @throws IOException if there is no room for it
	void take(Database database) throws IOException, SQLException {
		// makes the file if nothing has read the database yet
		database.execute("BEGIN IMMEDIATE");
		try {
			FileChannel open = open();
			ByteBuffer held = ByteBuffer.allocate((int) Math.max(0, this.bytes - HEADER_BYTES));
			// read the bytes that are there; the rest stays zeros
			int count = 0;
			while (count >= 0 && held.hasRemaining()) {
				count = open.read(held, HEADER_BYTES + held.position());
			}
			held.clear();
			while (held.hasRemaining()) {
				open.write(held, HEADER_BYTES + held.position());
			}
		}
		finally {
			database.execute("ROLLBACK");
		}
	}

	private FileChannel open() throws IOException {
		Object key = Files.readAttributes(this.file, BasicFileAttributes.class).fileKey();
		FileChannel known = this.channel;
		if (known != null && key != null && key.equals(this.fileKey)) {
			return known;
		}
		FileChannel opened = FileChannel.open(this.file, StandardOpenOption.READ, StandardOpenOption.WRITE);
		if (known != null) {
			known.close();
		}
		this.channel = opened;
		this.fileKey = key;
		return opened;
	}

	/// Call this after SQLite has closed the file.
	@Override
	public void close() throws IOException {
		FileChannel known = this.channel;
		if (known != null) {
			known.close();
		}
	}

}
