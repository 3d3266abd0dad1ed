package dev.adagrad.spool;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import dev.adagrad.tensor.Shape;
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

		private final ByteBuffer buffer = ByteBuffer.allocate(PIECE).order(ByteOrder.nativeOrder());

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
			int size = block.size();
			return switch (block) {
				case Decimals decimals when decimals.floatIndices().length == 0 && isConstant(decimals.values()) ->
					new Block(Content.DECIMALS, true, Double.doubleToRawLongBits(decimals.values()[0]), size, 0);
				case DoubleTensor doubles when isConstant(doubles.values()) ->
					new Block(Content.F64, true, Double.doubleToRawLongBits(doubles.values()[0]), size, 0);
				case FloatTensor floats when isConstant(floats.values()) ->
					new Block(Content.F32, true, Float.floatToRawIntBits(floats.values()[0]), size, 0);
				default -> writeAll(block);
			};
		}

		private static boolean isConstant(double[] values) {
			long bits = Double.doubleToRawLongBits(values[0]);
			for (double value : values) {
				if (Double.doubleToRawLongBits(value) != bits) {
					return false;
				}
			}
			return true;
		}

		private static boolean isConstant(float[] values) {
			int bits = Float.floatToRawIntBits(values[0]);
			for (float value : values) {
				if (Float.floatToRawIntBits(value) != bits) {
					return false;
				}
			}
			return true;
		}

		private Block writeAll(Numbers block) throws IOException {
			long position = file().size();
			return switch (block) {
				case Decimals decimals -> {
					int[] indices = decimals.floatIndices();
					float[] values = decimals.floatValues();
					write(decimals.values());
					write(indices.length, Integer.BYTES, (at, n) -> this.buffer.asIntBuffer().put(indices, at, n));
					write(values);
					yield new Block(Content.DECIMALS, false, position, decimals.size(), indices.length);
				}
				case DoubleTensor doubles -> {
					write(doubles.values());
					yield new Block(Content.F64, false, position, doubles.size(), 0);
				}
				case FloatTensor floats -> {
					write(floats.values());
					yield new Block(Content.F32, false, position, floats.size(), 0);
				}
			};
		}

		private void write(double[] values) throws IOException {
			write(values.length, Double.BYTES, (at, n) -> this.buffer.asDoubleBuffer().put(values, at, n));
		}

		private void write(float[] values) throws IOException {
			write(values.length, Float.BYTES, (at, n) -> this.buffer.asFloatBuffer().put(values, at, n));
		}

		private void write(int count, int bytes, Piece piece) throws IOException {
			for (int at = 0; at < count; at += PIECE / bytes) {
				int n = Math.min(count - at, PIECE / bytes);
				this.buffer.clear().limit(n * bytes);
				piece.copy(at, n);
				file().append(this.buffer);
			}
		}

		Numbers read(Block block) throws IOException {
			return block.constant() ? constant(block) : readAll(block);
		}

		private static Numbers constant(Block block) {
			double[] doubles = new double[(block.content() == Content.F32) ? 0 : block.size()];
			Arrays.fill(doubles, Double.longBitsToDouble(block.position()));
			return switch (block.content()) {
				case DECIMALS -> Decimals.vector(doubles, new int[0], new float[0]);
				case F64 -> DoubleTensor.vector(doubles);
				case F32 -> {
					float[] floats = new float[block.size()];
					Arrays.fill(floats, Float.intBitsToFloat((int) block.position()));
					yield FloatTensor.vector(floats);
				}
			};
		}

		private Numbers readAll(Block block) throws IOException {
			int size = block.size();
			long position = block.position();
			return switch (block.content()) {
				case DECIMALS -> {
					long behind = position + (long) size * Double.BYTES;
					int[] indices = new int[block.floats()];
					read(indices.length, Integer.BYTES, behind,
							(at, n) -> this.buffer.asIntBuffer().get(indices, at, n));
					float[] values = floats(block.floats(), behind + (long) indices.length * Integer.BYTES);
					yield Decimals.vector(doubles(size, position), indices, values);
				}
				case F64 -> DoubleTensor.of(Shape.vector(size), doubles(size, position));
				case F32 -> FloatTensor.of(Shape.vector(size), floats(size, position));
			};
		}

		private double[] doubles(int count, long position) throws IOException {
			double[] values = new double[count];
			read(count, Double.BYTES, position, (at, n) -> this.buffer.asDoubleBuffer().get(values, at, n));
			return values;
		}

		private float[] floats(int count, long position) throws IOException {
			float[] values = new float[count];
			read(count, Float.BYTES, position, (at, n) -> this.buffer.asFloatBuffer().get(values, at, n));
			return values;
		}

		private void read(int count, int bytes, long position, Piece piece) throws IOException {
			for (int at = 0; at < count; at += PIECE / bytes) {
				int n = Math.min(count - at, PIECE / bytes);
				this.buffer.clear().limit(n * bytes);
				file().read(this.buffer, position + (long) at * bytes);
				this.buffer.flip();
				piece.copy(at, n);
			}
		}

		/// Copies `n` elements of an array, from `at` on, into the buffer or out of it.
		private interface Piece {

			void copy(int at, int n);

		}

	}

}
