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

import dev.adagrad.caller.Caller;
import dev.adagrad.session.Ranges;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Session;
import dev.adagrad.session.State;
import dev.adagrad.session.StoredState;
import dev.adagrad.session.Vector;
import dev.adagrad.spool.CountedRoom;
import dev.adagrad.spool.SpoolFile;
import dev.adagrad.spool.TemporaryFiles;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/// Copies of a state of two blocks, which are therefore in files.
class StateCopiesTest {

	/// More than stay in memory.
	private static final int LENGTH = 200_000;

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
		SessionService service = new SessionService(this.store, new Limits(1000, LENGTH, Limits.LARGEST_SESSION));
		return service
			.create(SessionServiceTest.ID, Caller.ANYBODY, SessionServiceTest.ofSize(LENGTH), SessionServiceTest.NONE)
			.session();
	}

	private StoredState stored(boolean fails) {
		return new StoredState() {
			@Override
			public Blocks<Tensor> whole(Vector vector, int tensor) {
				return new Blocks<>() {
					@Override
					public Shape shape() {
						return Shape.vector(LENGTH);
					}

					@Override
					public Iterator<Tensor> iterator() {
						StateCopiesTest.this.reads++;
						if (fails) {
							throw new IllegalStateException("damaged");
						}
						double[] first = new double[LENGTH / 2];
						first[1] = 2;
						double[] second = new double[LENGTH / 2];
						second[0] = 3;
						return Arrays.<Tensor>asList(DoubleTensor.vector(first), DoubleTensor.vector(second))
							.iterator();
					}
				};
			}

			@Override
			public Ranges kept(Vector vector, long from, long to, int most) {
				throw new AssertionError("all is copied");
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
		StateCopies.Copy copy = this.copies.take(session, stored(false), List.of(0), first);
		assertThat(this.copies.take(session, stored(false), List.of(0), second)).isSameAs(copy);
		assertThat(this.reads).isEqualTo(1);
		assertThat(this.opened).hasSize(1);
		// a block of G for each
		assertThat(first.calls()).containsExactly(1L << 20);
		assertThat(second.calls()).containsExactly(1L << 20);
		List<double[]> blocks = new ArrayList<>();
		copy.await().orElseThrow().get("").G().forEach((block) -> blocks.add(MemoryStore.elementsOf(block)));
		assertThat(blocks).hasSize(2);
		assertThat(blocks.getFirst()).hasSize(LENGTH / 2).startsWith(0, 2, 0).endsWith(0);
		assertThat(blocks.getLast()).hasSize(LENGTH / 2).startsWith(3, 0).endsWith(0);
		first.end();
		assertThat(isClosed(0)).isFalse();
		second.end();
		assertThat(isClosed(0)).isTrue();
		assertThat(this.copies.take(session, stored(false), List.of(0), room())).isNotSameAs(copy);
		assertThat(this.reads).isEqualTo(2);
	}

	@Test
	void aCopyThatFailsIsMadeAnew() {
		Session session = session();
		assertThatIllegalStateException().isThrownBy(() -> this.copies.take(session, stored(true), List.of(0), room()))
			.withMessage("damaged");
		StateCopies.Copy copy = this.copies.take(session, stored(false), List.of(0), room());
		assertThat(copy.await()).isPresent();
		assertThat(this.reads).isEqualTo(2);
	}

	/// Else it would wait for ever.
	@Test
	void whoWaitsForACopyThatFailsIsTold() {
		Session session = session();
		List<StateCopies.Copy> waiting = new ArrayList<>();
		CountedRoom room = new CountedRoom(() -> {
			waiting.add(this.copies.take(session, stored(false), List.of(0), room()));
			throw new IOException("no file");
		});
		assertThatExceptionOfType(java.io.UncheckedIOException.class)
			.isThrownBy(() -> this.copies.take(session, stored(false), List.of(0), room));
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
			.isThrownBy(() -> this.copies.take(session, stored(false), List.of(0), room.getFirst()));
		assertThat(isClosed(0)).isTrue();
	}

}
