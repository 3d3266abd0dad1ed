package dev.adagrad.session.store;

import java.sql.SQLException;

import dev.adagrad.session.Configuration;
import dev.adagrad.session.Selection;

/// How many elements a chunk has. Long chunks are quick to write whole; a step of one element rewrites its whole chunk.
///
/// @param bytes about how many bytes a chunk of a new session has, ≥ 1
record ChunkLength(Dialect dialect, int bytes) {

	/// About how many bytes a chunk has once single elements are stepped.
	private static final int SPARSE_BYTES = 1024;

	/// Chunks up to this size are not worth splitting.
	private static final int LARGEST_SPARSE_BYTES = 16 * 1024;

	/// A write may rewrite up to this many times what was asked for before its chunks are
	/// split.
	private static final int MOST_AMPLIFICATION = 4;

	/// The elements of a chunk of a new session.
	int of(Configuration configuration) {
		long largest = configuration.vectors().stream().mapToLong(configuration.layout()::size).max().orElseThrow();
		return Math.clamp(largest, 1, Math.max(1, this.bytes / configuration.dtype().bytes()));
	}

	/// Makes the chunks of a session shorter if they are too long for this write, or
	/// longer than the store makes them today. One sparse write is enough for this, since
	/// a session that is stepped sparsely once will be again.
	/// @return the session's tensors, with new chunks if they were too long
	StoredTensors split(StoredTensors stored, Selection selection) throws SQLException {
		SessionRow row = stored.row();
		int elementBytes = row.dtype().bytes();
		int wanted = Math.max(1, (this.dialect.isRemote() ? this.bytes : SPARSE_BYTES) / elementBytes);
		boolean tooLong = this.dialect.isRemote() ? row.chunkElements() > wanted
				: row.chunkElements() > LARGEST_SPARSE_BYTES / elementBytes && isSparse(row, selection);
		return tooLong ? stored.split(wanted, selection) : stored;
	}

	/// Whether the write changes only a small part of the chunks around it.
	private static boolean isSparse(SessionRow row, Selection selection) {
		return switch (selection) {
			case Selection.All all -> false;
			case Selection.Some some ->
				(long) some.G().count() * row.chunkElements() > (long) MOST_AMPLIFICATION * some.G().size();
		};
	}

}
