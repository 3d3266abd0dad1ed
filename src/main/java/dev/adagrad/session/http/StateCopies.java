package dev.adagrad.session.http;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Session;
import dev.adagrad.session.StoredState;
import dev.adagrad.session.Version;
import dev.adagrad.spool.Room;
import dev.adagrad.spool.Spool;
import dev.adagrad.spool.SpoolFile;
import dev.adagrad.spool.SpooledBlocks;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies of states that are on their way to clients: nobody knows how long a client takes for one, and the store's
/// transaction must not wait for it. All who ask for the same version of a session share one copy, which is there until
/// the last of them is done; it counts for the client that asked first.
///
/// Safe for use by any number of threads.
final class StateCopies {

	private static final Logger logger = LoggerFactory.getLogger(StateCopies.class);

	private final Map<Key, Copy> copies = new HashMap<>();

	/// The copy of a version, made unless there is one or another makes it. To be called
	/// inside the store's transaction, and awaited outside.
	/// @param room of the request, which holds the copy until it is over
	/// @throws RuntimeException what making it throws
	Copy take(Session session, StoredState stored, Room room) {
		// one block of each, whether it is the only one or read back later
		room.take(stored.G().bytesAtOnce() + stored.parameter().map(Blocks::bytesAtOnce).orElse(0L));
		Key key = new Key(session.id(), session.version());
		Copy copy = hold(key);
		room.keep(() -> release(key, copy));
		if (copy.isMine()) {
			make(key, copy, stored, room.lasting());
		}
		return copy;
	}

	private synchronized Copy hold(Key key) {
		Copy copy = this.copies.computeIfAbsent(key, (missing) -> new Copy());
		copy.holders++;
		return copy;
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

	private void make(Key key, Copy copy, StoredState stored, Spool spool) {
		try {
			copy.make(stored, spool);
		}
		catch (Throwable ex) {
			synchronized (this) {
				this.copies.remove(key, copy);
			}
			copy.content.completeExceptionally(ex);
			throw ex;
		}
	}

	/// @param version told apart from that of another session of that id by its
	/// incarnation
	private record Key(OptimizerId id, Version version) {
	}

	/// The tensors of a copy.
	///
	/// @param parameter where the session holds it
	record Content(Blocks<Tensor> G, Optional<Blocks<Tensor>> parameter) {
	}

	/// One copy, finished or under way.
	static final class Copy implements Closeable {

		private final CompletableFuture<Content> content = new CompletableFuture<>();

		private final List<SpoolFile> files = new ArrayList<>(2);

		private int holders;

		private boolean begun;

		private boolean closed;

		/// Whether the caller is to make it.
		private synchronized boolean isMine() {
			boolean mine = !this.begun;
			this.begun = true;
			return mine;
		}

		private void make(StoredState stored, Spool spool) {
			Spool counted = () -> open(spool);
			Blocks<Tensor> G = copied(stored.G(), counted);
			this.content.complete(new Content(G, stored.parameter().map((parameter) -> copied(parameter, counted))));
		}

		private static Blocks<Tensor> copied(Blocks<Tensor> stored, Spool spool) {
			SpooledBlocks.Builder<Tensor> copy = SpooledBlocks.builder(spool);
			stored.forEach(copy::add);
			return copy.build();
		}

		private synchronized SpoolFile open(Spool spool) throws IOException {
			SpoolFile file = spool.open();
			this.files.add(file);
			if (this.closed) {
				// nobody waits for it any more
				close();
			}
			return file;
		}

		/// Waits until it is finished.
		/// @return what it holds; empty if whoever was to make it has failed
		Optional<Content> await() {
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
