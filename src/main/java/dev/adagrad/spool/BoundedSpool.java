package dev.adagrad.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.tensor.Memory;

/// Temporary files of many clients, within bounds: as many bytes as are written, from when they are written until their
/// file is closed.
///
/// 1. All together take no more than a number of bytes, where one is set, and never more than half of what the disk would
/// have free without them: so they never fill the disk that the store may be on.
/// 2. Those of one client take no more than a number of bytes; by default half of what all may take.
///
/// Safe for use by any number of threads.
public final class BoundedSpool {

	/// After so many bytes written the disk is asked again, since others write to it too.
	private static final long ASK_BYTES = 4 << 20;

	private static final long MEGABYTE = 1 << 20;

	private final TemporaryFiles files;

	private final LongSupplier usableBytes;

	private final long most;

	private final long mostOfClient;

	private final Map<String, Long> byClient = new HashMap<>();

	private long taken;

	private long mostOfDisk;

	private long untilAsked;

	/// @param most how many bytes all may take; 0 for no other bound than the disk's
	/// @param mostOfClient how many bytes the files of one client may take; 0 for half of
	/// what all may
	public BoundedSpool(Path folder, long most, long mostOfClient) {
		this(new TemporaryFiles(folder), most, mostOfClient, () -> usable(folder));
	}

	/// @param usableBytes how many bytes the disk has free for us, beside what is there
	BoundedSpool(TemporaryFiles files, long most, long mostOfClient, LongSupplier usableBytes) {
		this.files = files;
		this.most = (most != 0) ? most : Long.MAX_VALUE;
		this.mostOfClient = mostOfClient;
		this.usableBytes = usableBytes;
	}

	/// The folder may be gone while its files are open.
	private static long usable(Path folder) {
		Path there = folder.toAbsolutePath();
		while (!there.toFile().exists() && there.getParent() != null) {
			there = there.getParent();
		}
		return there.toFile().getUsableSpace();
	}

	/// Removes what processes that were killed have left.
	/// @see TemporaryFiles#sweep
	public void sweep() throws IOException {
		this.files.sweep();
	}

	/// The files of one client. Opening throws [Refusal] where none can be made, and so
	/// does writing beyond a bound.
	public Spool of(String client) {
		Memory share = new Memory() {
			@Override
			public void take(long bytes) {
				BoundedSpool.this.take(client, bytes);
			}

			@Override
			public void giveBack(long bytes) {
				BoundedSpool.this.giveBack(client, bytes);
			}
		};
		return () -> {
			try {
				return this.files.open(share);
			}
			catch (IOException ex) {
				throw SpoolFull.noFile(ex);
			}
		};
	}

	private synchronized void take(String client, long bytes) {
		long all = this.taken + bytes;
		if (all > this.most) {
			throw SpoolFull.beyond("all together may take " + megabytes(this.most) + " (adagrad.spool.max-size)");
		}
		this.untilAsked -= bytes;
		if (this.untilAsked < 0 || all > this.mostOfDisk) {
			this.mostOfDisk = (this.taken + this.usableBytes.getAsLong()) / 2;
			this.untilAsked = ASK_BYTES;
		}
		if (all > this.mostOfDisk) {
			throw SpoolFull.beyond("they may take half of what their disk has free, " + megabytes(this.mostOfDisk)
					+ " (adagrad.spool.path)");
		}
		long bound = (this.mostOfClient != 0) ? this.mostOfClient : Math.min(this.most, this.mostOfDisk) / 2;
		long ofClient = this.byClient.getOrDefault(client, 0L) + bytes;
		if (ofClient > bound) {
			throw SpoolFull
				.beyond("those of one client may take " + megabytes(bound) + " (adagrad.spool.max-size-per-client)");
		}
		this.taken = all;
		this.byClient.put(client, ofClient);
	}

	private static String megabytes(long bytes) {
		return bytes / MEGABYTE + " MB";
	}

	private synchronized void giveBack(String client, long bytes) {
		this.taken -= bytes;
		this.byClient.computeIfPresent(client, (name, before) -> (before > bytes) ? before - bytes : null);
	}

	/// How many bytes are taken now.
	synchronized long taken() {
		return this.taken;
	}

}
