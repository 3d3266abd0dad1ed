package dev.adagrad.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.tensor.Memory;

/// Temporary files of many clients, within bounds. Written bytes count from the moment they are written until their
/// file is closed.
///
/// 1. All files together take no more than a number of bytes, if one is set, and never more than half of what the disk
/// would have free without them. So they never fill the disk, which the store may share.
/// 2. The files of one client take no more than a number of bytes; by default half of what all may take.
///
/// Safe for use by any number of threads.
public final class BoundedSpool {

	/// After this many written bytes the disk is asked again for its free space, since
	/// others write to it too.
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

	/// @param most the number of bytes that all files may take; 0 if only the disk
	/// bounds them
	/// @param mostOfClient the number of bytes that the files of one client may take; 0
	/// for half of what all may take
	public BoundedSpool(Path folder, long most, long mostOfClient) {
		this(new TemporaryFiles(folder), most, mostOfClient, () -> usable(folder));
	}

	/// @param usableBytes the number of bytes that the disk still has free for us
	BoundedSpool(TemporaryFiles files, long most, long mostOfClient, LongSupplier usableBytes) {
		this.files = files;
		this.most = (most != 0) ? most : Long.MAX_VALUE;
		this.mostOfClient = mostOfClient;
		this.usableBytes = usableBytes;
	}

	/// Asks the nearest folder that exists, since this one may be gone while its files
	/// are open.
	private static long usable(Path folder) {
		Path there = folder.toAbsolutePath();
		while (!there.toFile().exists() && there.getParent() != null) {
			there = there.getParent();
		}
		return there.toFile().getUsableSpace();
	}

	/// Removes the files that killed processes have left behind.
	/// @see TemporaryFiles#sweep
	public void sweep() throws IOException {
		this.files.sweep();
	}

	/// The files of one client. Opening throws [Refusal] if no file can be made; writing
	/// beyond a bound throws it too.
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

	/// The number of bytes taken now.
	synchronized long taken() {
		return this.taken;
	}

}
