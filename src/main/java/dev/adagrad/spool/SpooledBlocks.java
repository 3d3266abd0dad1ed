package dev.adagrad.spool;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Decimals;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Numbers;
import org.jspecify.annotations.Nullable;

/// Blocks of numbers in a temporary file. Each is read back as what was added, to the last bit, and as a vector; in
/// memory is one at a time.
///
/// The file is a sequence of the blocks' arrays, in the byte order of the machine: the elements of a tensor; the doubles
/// of decimals, and behind them the indices and the values of their floats. A block of one value throughout, to the last
/// bit, has no bytes in the file, so that what was never touched takes no room; and where there are only such blocks there
/// is no file.
///
/// May be iterated until the file is closed, also by several threads, each with an iterator of its own.
///
/// @param <N> what a block is
public final class SpooledBlocks<N extends Numbers> implements Blocks<N> {

	private final Optional<SpoolFile> file;

	private final List<Block> blocks;

	private final int size;

	private SpooledBlocks(Optional<SpoolFile> file, List<Block> blocks, int size) {
		this.file = file;
		this.blocks = List.copyOf(blocks);
		this.size = size;
	}

	/// A builder, for one thread, to which blocks are added in order.
	/// @param spool where room comes from once there is more than one block
	public static <N extends Numbers> Builder<N> builder(Spool spool) {
		return new Builder<>(spool);
	}

	@Override
	public int size() {
		return this.size;
	}

	@Override
	public Iterator<N> iterator() {
		Iterator<Block> rest = this.blocks.iterator();
		Transfer transfer = new Transfer(() -> this.file.orElseThrow());
		return new Iterator<>() {
			@Override
			public boolean hasNext() {
				return rest.hasNext();
			}

			@Override
			@SuppressWarnings("unchecked") // of the class that was added
			public N next() {
				try {
					return (N) transfer.read(rest.next());
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}
		};
	}

	/// Collects blocks; not thread-safe. A first block stays in memory until there is a
	/// second, and so does one that stays alone.
	///
	/// @param <N> what a block is
	public static final class Builder<N extends Numbers> implements Closeable {

		private final Spool spool;

		private final List<Block> blocks = new ArrayList<>();

		private @Nullable N first;

		private @Nullable Transfer transfer;

		private int size;

		private Builder(Spool spool) {
			this.spool = spool;
		}

		/// Adds a block.
		/// @param block at least one element
		/// @throws Refusal if there is no room
		/// @throws UncheckedIOException if writing fails for another reason
		/// @throws ArithmeticException if all blocks together have 2³¹ elements or more
		public void add(N block) {
			int total = Math.addExact(this.size, block.size());
			N before = this.first;
			if (this.size == 0) {
				this.first = block;
			}
			else {
				try {
					if (this.transfer == null) {
						this.transfer = new Transfer(this.spool);
					}
					if (before != null) {
						this.blocks.add(this.transfer.write(before));
						this.first = null;
					}
					this.blocks.add(this.transfer.write(block));
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}
			this.size = total;
		}

		/// Whether what was added is kept elsewhere, and nothing of it in memory.
		public boolean isSpooled() {
			return this.transfer != null;
		}

		/// All blocks. Where they are in a file, it stays open: closing it is for the
		/// scope that the spool belongs to, or for [#close()].
		/// @throws IllegalStateException if none was added
		public Blocks<N> build() {
			N alone = this.first;
			if (alone != null) {
				return Blocks.of(alone);
			}
			if (this.transfer == null) {
				throw new IllegalStateException("there must be a block");
			}
			return new SpooledBlocks<>(Optional.ofNullable(this.transfer.file), this.blocks, this.size);
		}

		/// Gives the room back; what was built cannot be read any more, unless it is in
		/// memory.
		@Override
		public void close() throws IOException {
			if (this.transfer != null && this.transfer.file != null) {
				this.transfer.file.close();
			}
		}

	}

	/// Where a block stands.
	///
	/// @param content what it is
	/// @param constant whether all elements are the same
	/// @param position of its first byte; of a constant block the bits of its elements
	/// @param size how many elements it has
	/// @param floats how many floats stand beside its doubles
	private record Block(Content content, boolean constant, long position, int size, int floats) {
	}

	/// What a block is.
	private enum Content {

		DECIMALS, F64, F32

	}

	/// Arrays into the file and out of it, piece by piece; for one thread.
	private static final class Transfer {

		private static final int PIECE = 64 * 1024;

		private final Spool spool;

		private @Nullable SpoolFile file;

		private final ByteBuffer buffer = ByteBuffer.allocate(PIECE);

		/// @param spool asked for the file when it is first needed
		Transfer(Spool spool) {
			this.spool = spool;
		}

		private SpoolFile file() throws IOException {
			SpoolFile opened = this.file;
			if (opened == null) {
				opened = this.spool.open();
				this.file = opened;
			}
			return opened;
		}

		Block write(Numbers block) throws IOException {
			return switch (block) {
				case Decimals decimals -> {
					Block written = write(Content.DECIMALS, MemorySegment.ofArray(decimals.values()), Double.BYTES,
							decimals.floatIndices().length);
					write(MemorySegment.ofArray(decimals.floatIndices()));
					write(MemorySegment.ofArray(decimals.floatValues()));
					yield written;
				}
				case DoubleTensor doubles ->
					write(Content.F64, MemorySegment.ofArray(doubles.values()), Double.BYTES, 0);
				case FloatTensor floats -> write(Content.F32, MemorySegment.ofArray(floats.values()), Float.BYTES, 0);
			};
		}

		private Block write(Content content, MemorySegment elements, int bytes, int floats) throws IOException {
			int size = (int) (elements.byteSize() / bytes);
			// if each element is as the one before it
			boolean constant = floats == 0
					&& elements.asSlice(bytes).mismatch(elements.asSlice(0, elements.byteSize() - bytes)) < 0;
			if (constant) {
				long bits = (bytes == Double.BYTES) ? elements.get(ValueLayout.JAVA_LONG, 0)
						: elements.get(ValueLayout.JAVA_INT, 0);
				return new Block(content, true, bits, size, 0);
			}
			long position = file().size();
			write(elements);
			return new Block(content, false, position, size, floats);
		}

		private void write(MemorySegment array) throws IOException {
			for (long at = 0; at < array.byteSize(); at += PIECE) {
				MemorySegment piece = piece(array, at);
				MemorySegment.ofBuffer(this.buffer).copyFrom(piece);
				file().append(this.buffer);
			}
		}

		/// The part of an array that goes through the buffer next.
		private MemorySegment piece(MemorySegment array, long at) {
			int bytes = (int) Math.min(PIECE, array.byteSize() - at);
			this.buffer.clear().limit(bytes);
			return array.asSlice(at, bytes);
		}

		Numbers read(Block block) throws IOException {
			double[] doubles = new double[(block.content() == Content.F32) ? 0 : block.size()];
			float[] floats = new float[(block.content() == Content.F32) ? block.size() : block.floats()];
			int[] indices = new int[block.floats()];
			if (block.constant()) {
				Arrays.fill(doubles, Double.longBitsToDouble(block.position()));
				Arrays.fill(floats, Float.intBitsToFloat((int) block.position()));
			}
			else {
				long behind = read(MemorySegment.ofArray(doubles), block.position());
				behind = read(MemorySegment.ofArray(indices), behind);
				read(MemorySegment.ofArray(floats), behind);
			}
			return switch (block.content()) {
				case DECIMALS -> Decimals.vector(doubles, indices, floats);
				case F64 -> DoubleTensor.vector(doubles);
				case F32 -> FloatTensor.vector(floats);
			};
		}

		/// @return where in the file the array ends
		private long read(MemorySegment array, long position) throws IOException {
			for (long at = 0; at < array.byteSize(); at += PIECE) {
				MemorySegment piece = piece(array, at);
				file().read(this.buffer, position + at);
				piece.copyFrom(MemorySegment.ofBuffer(this.buffer.flip()));
			}
			return position + array.byteSize();
		}

	}

}
