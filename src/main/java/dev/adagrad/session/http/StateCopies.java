package dev.adagrad.session.http;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.adagrad.session.Configuration;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Session;
import dev.adagrad.session.StoredState;
import dev.adagrad.session.Vector;
import dev.adagrad.session.Version;
import dev.adagrad.spool.Room;
import dev.adagrad.spool.Spool;
import dev.adagrad.spool.SpoolFile;
import dev.adagrad.spool.SpooledBlocks;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies of states on their way to clients. Nobody knows how long a client takes to read one, and the store's
/// transaction must not wait for it. All callers that ask for the same version of a session share one copy. It exists
/// until the last of them is done, and it counts for the client that asked first.
///
/// Safe for use by any number of threads.
final class StateCopies {

	private static final Logger logger = LoggerFactory.getLogger(StateCopies.class);

	private final Map<Key, Copy> copies = new HashMap<>();

	/// The copy of some tensors of a version. It is made unless it exists or another
	/// caller is making it. Call this inside the store's transaction, and wait for the
	/// copy outside.
	/// @param tensors their places in the layout, at least one
	/// @param room of the request, which holds the copy until the request is over
	/// @throws RuntimeException what making the copy throws
	Copy take(Session session, StoredState stored, List<Integer> tensors, Room room) {
		room.take(bytesAtOnce(session.configuration(), stored, tensors));
		Key key = new Key(session.id(), session.version(), tensors);
		Copy copy;
		boolean mine;
		synchronized (this) {
			copy = this.copies.computeIfAbsent(key, (missing) -> new Copy());
			// only a new copy has no holders
			mine = copy.holders == 0;
			copy.holders++;
		}
		room.keep(() -> release(key, copy));
		if (mine) {
			make(key, copy, session.configuration(), stored, room.lasting());
		}
		return copy;
	}

	/// The bytes that stay in memory of each vector: all of it, or one block that is read
	/// back later if the whole is too large.
	private static long bytesAtOnce(Configuration configuration, StoredState stored, List<Integer> tensors) {
		return configuration.vectors()
			.stream()
			.map((vector) -> tensors.stream().mapToLong((tensor) -> stored.whole(vector, tensor).bytesAtOnce()).sum())
			.mapToLong((all) -> Math.min(all, Blocks.MOST_BYTES))
			.sum();
	}

	private void release(Key key, Copy copy) {
		synchronized (this) {
			copy.holders--;
			if (copy.holders > 0) {
				return;
			}
			this.copies.remove(key, copy);
		}
		copy.close();
	}

	private void make(Key key, Copy copy, Configuration configuration, StoredState stored, Spool spool) {
		try {
			copy.make(configuration, stored, key.tensors(), spool);
		}
		catch (Throwable ex) {
			synchronized (this) {
				this.copies.remove(key, copy);
			}
			copy.content.completeExceptionally(ex);
			throw ex;
		}
	}

	/// @param version its incarnation tells it from that of another session with the same
	/// id
	private record Key(OptimizerId id, Version version, List<Integer> tensors) {
	}

	/// One copy, finished or in the making.
	static final class Copy implements Closeable {

		private final CompletableFuture<Map<String, TensorStateResponse>> content = new CompletableFuture<>();

		private final List<SpoolFile> files = new ArrayList<>(2);

		private int holders;

		private boolean closed;

		private void make(Configuration configuration, StoredState stored, List<Integer> tensors, Spool spool) {
			Spool counted = () -> open(spool);
			Map<Vector, SpooledBlocks<Tensor>> spooled = new EnumMap<>(Vector.class);
			Map<String, TensorStateResponse> named = new LinkedHashMap<>();
			for (int tensor : tensors) {
				Map<Vector, Blocks<Tensor>> copied = new EnumMap<>(Vector.class);
				for (Vector vector : configuration.vectors()) {
					SpooledBlocks<Tensor> blocks = spooled.computeIfAbsent(vector,
							(missing) -> new SpooledBlocks<>(counted, Blocks.MOST_BYTES / Double.BYTES));
					int first = blocks.count();
					stored.whole(vector, tensor).forEach(blocks::add);
					copied.put(vector, blocks.since(first,
							new Entries.Entry(tensor, Optional.empty()).shape(configuration.layout(), vector)));
				}
				named.put(configuration.layout().tensors().get(tensor).name(), new TensorStateResponse(null,
						Objects.requireNonNull(copied.get(Vector.G)), copied.get(Vector.PARAMETER)));
			}
			this.content.complete(named);
		}

		private synchronized SpoolFile open(Spool spool) throws IOException {
			SpoolFile file = spool.open();
			this.files.add(file);
			if (this.closed) {
				// nobody waits for the copy any more
				close();
			}
			return file;
		}

		/// Waits until the copy is finished.
		/// @return its content, by the names of the tensors; empty if the caller that was
		/// to make it has failed
		Optional<Map<String, TensorStateResponse>> await() {
			try {
				return Optional.of(this.content.join());
			}
			catch (CompletionException ex) {
				logger.debug("the copy of a state was not made", ex);
				return Optional.empty();
			}
		}

		@Override
		public synchronized void close() {
			this.closed = true;
			for (SpoolFile file : this.files) {
				try {
					file.close();
				}
				catch (IOException ex) {
					logger.warn("a temporary file could not be closed", ex);
				}
			}
			this.files.clear();
		}

	}

}
