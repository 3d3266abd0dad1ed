package dev.adagrad.session.store.sqlite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.store.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps room on the store's disk, so that a full disk can be emptied again. SQLite's log needs room for deletions too.
///
/// 1. With less than `min-free` bytes free, writes that need room are refused.
/// 2. Other programs may fill the disk all the same. So half of those bytes are in a file, `adagrad.reserve`. It is
/// removed if a deletion, an expiry or the sweeper finds no room, and made again when there is room.
///
/// Safe for use by any number of threads.
final class DiskRoom {

	private static final Logger LOG = LoggerFactory.getLogger(DiskRoom.class);

	/// On a small disk at most this part is kept free.
	private static final long PART = 8;

	private static final int PORTION_BYTES = 1 << 20;

	private final Path folder;

	private final Path reserve;

	private final long minFree;

	private volatile boolean held;

	private volatile boolean isShort;

	private final LongSupplier freeBytes;

	/// @param minFree in bytes; 0 keeps no room free and no reserve
	DiskRoom(Path folder, long minFree) {
		this(folder, minFree, folder.toFile()::getUsableSpace);
	}

	/// @param freeBytes how many bytes are free on the disk
	DiskRoom(Path folder, long minFree, LongSupplier freeBytes) {
		this.freeBytes = freeBytes;
		this.folder = folder;
		this.reserve = folder.resolve("adagrad.reserve");
		long most = folder.toFile().getTotalSpace() / PART;
		this.minFree = Math.min(minFree, most);
		if (this.minFree < minFree) {
			LOG.info("of the disk of {} {} bytes are kept free, an eighth of it", folder, this.minFree);
		}
		this.held = Files.exists(this.reserve);
	}

	/// How many bytes are free on the disk.
	long freeBytes() {
		return this.freeBytes.getAsLong();
	}

	/// The size of the disk in bytes.
	long diskBytes() {
		return this.folder.toFile().getTotalSpace();
	}

	/// Lets a write pass if there is room for it. Its bytes are written twice: into the
	/// log, and from there into the database, which may have unused pages for them.
	/// @throws Refusal if there is not enough room
	void require(Database database, long bytes) throws SQLException {
		if (this.minFree == 0) {
			return;
		}
		long needed = this.minFree + 2 * bytes;
		long room = freeBytes() + (this.held ? reserveBytes() : 0);
		if (room < needed) {
			room += unusedBytes(database);
		}
		tell(room < this.minFree);
		if (room < needed) {
			throw SessionRefusals.full(room + " bytes are left on its disk, and " + this.minFree
					+ " of them are kept free (adagrad.store.min-free)");
		}
	}

	private static long unusedBytes(Database database) throws SQLException {
		return database.one("PRAGMA freelist_count", (result) -> result.getLong(1)).orElse(0L)
				* database.one("PRAGMA page_size", (result) -> result.getLong(1)).orElse(0L);
	}

	private void tell(boolean now) {
		if (now != this.isShort) {
			this.isShort = now;
			if (now) {
				LOG.warn("the disk of {} is nearly full: what needs room is refused, deletions are not", this.folder);
			}
			else {
				LOG.info("there is room again on the disk of {}", this.folder);
			}
		}
	}

	private long reserveBytes() {
		return this.minFree / 2;
	}

	/// Gives the reserve up for a call that makes room.
	/// @return whether there was one
	boolean release() {
		try {
			boolean released = Files.deleteIfExists(this.reserve);
			this.held = false;
			if (released) {
				LOG.warn("the disk of {} is full: adagrad.reserve makes room for deletions", this.folder);
			}
			return released;
		}
		catch (IOException ex) {
			LOG.debug("the reserve stays", ex);
			return false;
		}
	}

	/// Makes the reserve if it is missing and there is room for it.
	void keep() {
		if (this.minFree == 0 || this.held || freeBytes() < this.minFree) {
			return;
		}
		Path part = this.folder.resolve("adagrad.reserve.part");
		try {
			Files.deleteIfExists(part);
			OwnerOnly.makeFile(part);
			fill(part);
			Files.move(part, this.reserve);
			this.held = true;
		}
		catch (IOException ex) {
			LOG.debug("no reserve for now", ex);
			try {
				Files.deleteIfExists(part);
			}
			catch (IOException again) {
				LOG.debug("what there is of a reserve stays", again);
			}
		}
	}

	/// Writes noise, since zeros would take no room on a file system that compresses.
	private void fill(Path file) throws IOException {
		byte[] noise = new byte[PORTION_BYTES];
		new SplittableRandom(0).nextBytes(noise);
		try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
			for (long left = reserveBytes(); left > 0; left -= PORTION_BYTES) {
				out.write(noise, 0, (int) Math.min(left, PORTION_BYTES));
			}
		}
	}

}
