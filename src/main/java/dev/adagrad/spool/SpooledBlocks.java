package dev.adagrad.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Decimals;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Memory;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Shape;
import org.jspecify.annotations.Nullable;

/// Blocks of numbers, of one array or of several, one after the other: in memory while they are few, then in a temporary
/// file. Each block is read back as a vector, equal to what was added to the last bit. Of the blocks in the file, a
/// reader holds one at a time in memory.
///
/// The file is a sequence of the blocks' arrays, in the byte order of the machine. A tensor has its elements there;
/// decimals have their doubles, then the indices and the values of their floats. A block whose elements are all the same,
/// to the last bit, has no bytes in the file, so that what was never touched takes no room. If there are only such blocks,
/// there is no file.
///
/// One thread adds the blocks. What was added may be iterated until the file is closed. Once no more blocks are added,
/// several threads may iterate too, each with its own iterator.
///
/// @param <N> the type of a block
public final class SpooledBlocks<N extends Numbers> {

	private final Spool spool;

	private final int mostElements;

	private final List<Block> blocks = new ArrayList<>();

	private long elements;

	/// The number of blocks that are in the file, or need no place in it.
	private int written;

	/// What writes to the file, once there are too many blocks for memory.
	private @Nullable Transfer writing;

	private @Nullable SpoolFile file;

	/// The number of bytes that were taken for blocks in memory, see [#add(Numbers, long,
	/// Memory)].
	private long held;

	/// @param spool where files come from, once the blocks are too many for memory
	/// @param mostElements the largest number of elements in memory; beyond it all go to
	/// the file
	public SpooledBlocks(Spool spool, int mostElements) {
		this.spool = spool;
		this.mostElements = mostElements;
	}

	/// Adds a block.
	/// @param block at least one element
	/// @throws Refusal if there is no room
	/// @throws UncheckedIOException if writing fails for another reason
	public void add(N block) {
		this.blocks.add(new Block.InMemory(block));
		this.elements += block.size();
		if (this.elements <= this.mostElements) {
			return;
		}
		try {
			if (this.writing == null) {
				this.writing = new Transfer();
			}
			for (; this.written < this.blocks.size(); this.written++) {
				this.blocks.set(this.written, this.writing.write(this.blocks.get(this.written)));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/// Adds a block, and gives back what was taken for it as soon as it is outside of
	/// memory.
	/// @param bytes what was taken of `memory` for the block
	public void add(N block, long bytes, Memory memory) {
		add(block);
		this.held += bytes;
		if (this.writing != null) {
			memory.giveBack(this.held);
			this.held = 0;
		}
	}

	/// The number of blocks added.
	public int count() {
		return this.blocks.size();
	}

	/// An array of the blocks added since some block.
	/// @param first the index of the first block, < [#count()]
	/// @param shape the shape of the array, of the same number of elements
	/// @throws IllegalStateException if no block was added since, or the number of
	/// elements differs
	public Blocks<N> since(int first, Shape shape) {
		int end = count();
		long size = 0;
		for (Block block : this.blocks.subList(first, end)) {
			size += block.size();
		}
		if (first == end || size != shape.size()) {
			throw new IllegalStateException((end - first) + " blocks of " + size + " elements for " + shape);
		}
		return new Blocks<>() {
			@Override
			public Shape shape() {
				return shape;
			}

			@Override
			public Iterator<N> iterator() {
				return read(first, end);
			}
		};
	}

	private Iterator<N> read(int first, int end) {
		Transfer reading = new Transfer();
		return new Iterator<>() {
			private int next = first;

			@Override
			public boolean hasNext() {
				return this.next < end;
			}

			@Override
			@SuppressWarnings("unchecked") // of the class that was added
			public N next() {
				if (!hasNext()) {
					throw new NoSuchElementException();
				}
				try {
					return (N) reading.read(SpooledBlocks.this.blocks.get(this.next++));
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}
		};
	}

	/// The file, which is opened when it is first needed.
	private SpoolFile file() throws IOException {
		SpoolFile opened = this.file;
		if (opened == null) {
			opened = this.spool.open();
			this.file = opened;
		}
		return opened;
	}

	/// Where a block is kept.
	private sealed interface Block {

		int size();

		/// In memory, as it was added.
		record InMemory(Numbers block) implements Block {

			@Override
			public int size() {
				return this.block.size();
			}

		}

		/// In the file, from a position on.
		///
		/// @param floats the number of floats beside its doubles
		record InFile(Content content, long position, int size, int floats) implements Block {
		}

		/// Nowhere: all its elements have the same bits.
		record Constant(Content content, long bits, int size) implements Block {
		}

	}

	/// The type of a block.
	private enum Content {

		DECIMALS, F64, F32

	}

	/// Moves arrays into the file and out of it, piece by piece; for one thread.
	private final class Transfer {

		private static final int PIECE = 64 * 1024;

		private final ByteBuffer buffer = ByteBuffer.allocate(PIECE);

		Block write(Block block) throws IOException {
			return switch (block) {
				case Block.InMemory(Numbers numbers) -> write(numbers);
				case Block.InFile written -> written;
				case Block.Constant written -> written;
			};
		}

		private Block write(Numbers block) throws IOException {
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
			// true if each element equals the one before it
			boolean constant = floats == 0
					&& elements.asSlice(bytes).mismatch(elements.asSlice(0, elements.byteSize() - bytes)) < 0;
			if (constant) {
				long bits = (bytes == Double.BYTES) ? elements.get(ValueLayout.JAVA_LONG, 0)
						: elements.get(ValueLayout.JAVA_INT, 0);
				return new Block.Constant(content, bits, size);
			}
			long position = file().size();
			write(elements);
			return new Block.InFile(content, position, size, floats);
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
			return switch (block) {
				case Block.InMemory(Numbers numbers) -> numbers;
				case Block.Constant(Content content, long bits, int size) -> {
					double[] doubles = new double[(content == Content.F32) ? 0 : size];
					float[] floats = new float[(content == Content.F32) ? size : 0];
					Arrays.fill(doubles, Double.longBitsToDouble(bits));
					Arrays.fill(floats, Float.intBitsToFloat((int) bits));
					yield numbers(content, doubles, new int[0], floats);
				}
				case Block.InFile(Content content, long position, int size, int count) -> {
					double[] doubles = new double[(content == Content.F32) ? 0 : size];
					float[] floats = new float[(content == Content.F32) ? size : count];
					int[] indices = new int[count];
					long behind = read(MemorySegment.ofArray(doubles), position);
					behind = read(MemorySegment.ofArray(indices), behind);
					read(MemorySegment.ofArray(floats), behind);
					yield numbers(content, doubles, indices, floats);
				}
			};
		}

		private static Numbers numbers(Content content, double[] doubles, int[] indices, float[] floats) {
			return switch (content) {
				case DECIMALS -> Decimals.vector(doubles, indices, floats);
				case F64 -> DoubleTensor.vector(doubles);
				case F32 -> FloatTensor.vector(floats);
			};
		}

		/// @return the end of the array in the file
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
