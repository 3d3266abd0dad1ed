package dev.adagrad.session.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import dev.adagrad.session.Selection;
import dev.adagrad.session.Session;
import dev.adagrad.session.State;
import dev.adagrad.session.StoredState;
import dev.adagrad.spool.CountedRoom;
import dev.adagrad.spool.SpoolFile;
import dev.adagrad.spool.TemporaryFiles;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/// Copies of a state of two blocks, which are therefore in files.
class StateCopiesTest {

	@TempDir
	private Path folder;

	private final List<SpoolFile> opened = new ArrayList<>();

	private final StateCopies copies = new StateCopies();

	private final MemoryStore store = new MemoryStore();

	private int reads;

	@AfterEach
	void close() throws IOException {
		for (SpoolFile file : this.opened) {
			file.close();
		}
	}

	private CountedRoom room() {
		return new CountedRoom(() -> {
			SpoolFile file = new TemporaryFiles(this.folder).open();
			this.opened.add(file);
			return file;
		});
	}

	private Session session() {
		SessionService service = new SessionService(this.store, new dev.adagrad.wire.Limits(1000, 10));
		return service.create(SessionServiceTest.ID, SessionServiceTest.ofSize(4), SessionServiceTest.NONE).session();
	}

	private StoredState stored(boolean fails) {
		return new StoredState() {
			@Override
			public Blocks<Tensor> G() {
				return new Blocks<>() {
					@Override
					public int size() {
						return 4;
					}

					@Override
					public Iterator<Tensor> iterator() {
						StateCopiesTest.this.reads++;
						if (fails) {
							throw new IllegalStateException("damaged");
						}
						return Arrays.<Tensor>asList(DoubleTensor.vector(1, 2), DoubleTensor.vector(3, 4)).iterator();
					}
				};
			}

			@Override
			public Optional<Blocks<Tensor>> parameter() {
				return Optional.empty();
			}

			@Override
			public State elements(Selection selection) {
				throw new AssertionError("all is copied");
			}
		};
	}

	private boolean isClosed(int index) {
		try {
			this.opened.get(index).append(ByteBuffer.allocate(1));
			return false;
		}
		catch (ClosedChannelException ex) {
			return true;
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void allWhoAskForAVersionShareOneCopyUntilTheLastIsDone() throws IOException {
		Session session = session();
		CountedRoom first = room();
		CountedRoom second = room();
		StateCopies.Copy copy = this.copies.take(session, stored(false), first);
		assertThat(this.copies.take(session, stored(false), second)).isSameAs(copy);
		assertThat(this.reads).isEqualTo(1);
		assertThat(this.opened).hasSize(1);
		// one block of G for each, as large as it is
		assertThat(first.calls()).containsExactly(32L);
		assertThat(second.calls()).containsExactly(32L);
		List<double[]> blocks = new ArrayList<>();
		copy.await().orElseThrow().G().forEach((block) -> blocks.add(MemoryStore.elementsOf(block)));
		assertThat(blocks).containsExactly(new double[] { 1, 2 }, new double[] { 3, 4 });
		first.end();
		assertThat(isClosed(0)).isFalse();
		second.end();
		assertThat(isClosed(0)).isTrue();
		assertThat(this.copies.take(session, stored(false), room())).isNotSameAs(copy);
		assertThat(this.reads).isEqualTo(2);
	}

	@Test
	void aCopyThatFailsIsMadeAnew() {
		Session session = session();
		assertThatIllegalStateException().isThrownBy(() -> this.copies.take(session, stored(true), room()))
			.withMessage("damaged");
		StateCopies.Copy copy = this.copies.take(session, stored(false), room());
		assertThat(copy.await()).isPresent();
		assertThat(this.reads).isEqualTo(2);
	}

	/// Else it would wait for ever.
	@Test
	void whoWaitsForACopyThatFailsIsTold() {
		Session session = session();
		List<StateCopies.Copy> waiting = new ArrayList<>();
		CountedRoom room = new CountedRoom(() -> {
			waiting.add(this.copies.take(session, stored(false), room()));
			throw new IOException("no file");
		});
		assertThatExceptionOfType(java.io.UncheckedIOException.class)
			.isThrownBy(() -> this.copies.take(session, stored(false), room));
		assertThat(CompletableFuture.supplyAsync(() -> waiting.getFirst().await()))
			.succeedsWithin(Duration.ofSeconds(10))
			.isEqualTo(Optional.empty());
	}

	/// A request that is over before its copy is, leaves no file open.
	@Test
	void aCopyThatNobodyWaitsForIsClosedAsItIsMade() {
		Session session = session();
		List<CountedRoom> room = new ArrayList<>();
		room.add(new CountedRoom(() -> {
			try {
				room.getFirst().end();
			}
			finally {
				this.opened.add(new TemporaryFiles(this.folder).open());
			}
			return this.opened.getLast();
		}));
		assertThatExceptionOfType(java.io.UncheckedIOException.class)
			.isThrownBy(() -> this.copies.take(session, stored(false), room.getFirst()));
		assertThat(isClosed(0)).isTrue();
	}

}
