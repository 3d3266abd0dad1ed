package dev.adagrad.wire;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.adagrad.spool.Spool;
import dev.adagrad.spool.SpooledBlocks;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Bounds;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Reads messages from safetensors files, strictly.
///
/// Fields that are tensors are tensors of the file, F64 or F32, all of one dtype, every element finite; indices are I64.
/// Those of as many elements have one shape, of any rank; rank 0 is a bare number. All other fields are strings of the
/// file's metadata, see [MetadataValue], where `format` may stand too. A message that names a dtype has that of its
/// tensors.
///
/// The first fault in reading order decides, the header before the data. Bytes are taken over into the tensors as they
/// arrive, piece by piece; nothing is allocated before the header's counts are known to fit together and, where the
/// length of the body is announced, to fit that. Of tensors that are staged one block is held, the others go to a
/// [Spool].
///
/// Safe for use by any number of threads.
///
/// @see Safetensors
final class SafetensorsMessageReader {

	private final Spool spool;

	private final int blockSize;

	private final KnownPlans knownPlans = new KnownPlans();

	SafetensorsMessageReader(Spool spool) {
		this(spool, JsonMessageReader.BLOCK_SIZE);
	}

	/// @param spool for staged numbers beyond one block; its files stay open where the
	/// message has been read, and are closed where it was not
	/// @param blockSize the most elements of a block, ≥ 1
	SafetensorsMessageReader(Spool spool, int blockSize) {
		this.spool = spool;
		this.blockSize = blockSize;
	}

	/// Reads one message, to the end of the stream, which is not closed.
	/// @param contentLength how many bytes there will be, or −1 if that is not known
	/// @throws java.io.UncheckedIOException if the spool fails, with
	/// [dev.adagrad.spool.SpoolFullException] among it
	/// @throws IOException if closing a file of the spool fails
	/// @throws MalformedFileException if the body is not a file as above
	/// @throws InvalidFieldException if it is, and yet no such message
	/// @throws WrongDTypeException if a tensor has another dtype than it must have
	/// @throws IndexOutOfRangeException if an index is negative, or beyond 32 bits
	/// @throws TooLargeException if the body or a tensor in it is beyond the limits
	/// @throws IllegalArgumentException if no message can be read as `type`, see
	/// [MessageType#isReadableFromTensors()]
	<T extends Record & Message> T read(MessageType<T> type, InputStream in, long contentLength, Limits limits)
			throws IOException {
		if (!type.isReadableFromTensors()) {
			throw new IllegalArgumentException("a message of this type has no tensors to be read");
		}
		BodyBytes body = new BodyBytes(in, limits.maxRequestBytes());
		SafetensorsPlan plan = plan(type, body, contentLength, limits.maxElements());
		try (Reading reading = new Reading(body, plan, contentLength >= 0)) {
			T message = type.create(reading.fields());
			reading.keep();
			return message;
		}
	}

	private SafetensorsPlan plan(MessageType<?> type, BodyBytes body, long contentLength, int maxElements) {
		byte[] length = new byte[Safetensors.LENGTH_BYTES];
		body.read(length, length.length, () -> "the header's length", length.length);
		long headerBytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
		if (headerBytes < 0 || headerBytes > SafetensorsHeader.MAX_BYTES) {
			throw new MalformedFileException(0, "the header is said to have " + Long.toUnsignedString(headerBytes)
					+ " bytes, must have at most " + SafetensorsHeader.MAX_BYTES);
		}
		long rest = contentLength - length.length;
		if (contentLength >= 0 && headerBytes > rest) {
			throw new MalformedFileException(0,
					"the header is said to have " + headerBytes + " bytes, but only " + rest + " follow");
		}
		byte[] bytes = new byte[(int) headerBytes];
		body.read(bytes, bytes.length, () -> "the header", length.length + headerBytes);
		SafetensorsPlan known = this.knownPlans.find(type, bytes, maxElements);
		SafetensorsHeader header = (known != null) ? known.header() : SafetensorsHeader.parse(bytes, maxElements);
		if (contentLength >= 0) {
			header.requireData(rest - headerBytes);
		}
		if (known != null) {
			return known;
		}
		SafetensorsPlan plan = SafetensorsPlan.of(type, header);
		this.knownPlans.keep(type, bytes, maxElements, plan);
		return plan;
	}

	/// One body on its way, behind its header.
	private final class Reading implements Closeable {

		/// Measured: with 64 KiB reading takes 1.2 times as long, most of it for zeros.
		private static final int PIECE = 8 * 1024;

		private final BodyBytes body;

		private final SafetensorsPlan plan;

		private final boolean announced;

		private final List<Closeable> staged = new ArrayList<>();

		private final ByteBuffer piece;

		/// @param announced whether the length of the body is that of the file
		Reading(BodyBytes body, SafetensorsPlan plan, boolean announced) {
			this.body = body;
			this.plan = plan;
			this.announced = announced;
			this.piece = ByteBuffer.allocate((int) Math.min(PIECE, plan.header().dataBytes()))
				.order(ByteOrder.LITTLE_ENDIAN);
		}

		/// The message is whole: its files are for whoever has it.
		void keep() {
			this.staged.clear();
		}

		@Override
		public void close() throws IOException {
			for (Closeable file : this.staged) {
				file.close();
			}
		}

		@Nullable Object[] fields() {
			@Nullable Object[] values = this.plan.values();
			for (SafetensorsPlan.Part part : this.plan.parts()) {
				values[part.field().index()] = tensor(part.field(), part.entry());
			}
			this.body.requireEnd();
			return values;
		}

		private Object tensor(MessageType.Field field, SafetensorsHeader.Entry entry) {
			Shape shape = entry.shape();
			return switch (field.kind()) {
				case NUMBERS -> elements(field, entry, shape, 0);
				case STAGED_NUMBERS -> blocks(field, entry);
				case INDICES -> indices(field, entry);
				default -> throw new IllegalStateException("no tensor is read as " + field.kind());
			};
		}

		private Blocks<Numbers> blocks(MessageType.Field field, SafetensorsHeader.Entry entry) {
			SpooledBlocks.Builder<Numbers> blocks = SpooledBlocks.builder(SafetensorsMessageReader.this.spool);
			this.staged.add(blocks);
			int size = entry.shape().size();
			int most = SafetensorsMessageReader.this.blockSize;
			for (int from = 0; from < size; from += Math.min(most, size - from)) {
				blocks.add(elements(field, entry, Shape.vector(Math.min(most, size - from)), from));
			}
			return blocks.build();
		}

		/// @param before how many elements of the tensor went before
		private Tensor elements(MessageType.Field field, SafetensorsHeader.Entry entry, Shape shape, int before) {
			return switch (entry.dtype()) {
				case F64 -> doubles(field, entry, shape, before);
				case F32 -> floats(field, entry, shape, before);
				case null -> throw new IllegalStateException("indices are no floating-point numbers");
			};
		}

		private DoubleTensor doubles(MessageType.Field field, SafetensorsHeader.Entry entry, Shape shape, int before) {
			int size = shape.size();
			double[] values = new double[first(size, Double.BYTES)];
			Bounds bounds = Bounds.EMPTY;
			for (int at = 0, count; at < size; at += count) {
				count = readPiece(entry, size - at, Double.BYTES);
				if (values.length < at + count) {
					values = Arrays.copyOf(values, grown(values.length, size));
				}
				this.piece.asDoubleBuffer().get(values, at, count);
				bounds = bounds.and(Bounds.of(values, at, at + count));
				if (!bounds.isFinite()) {
					int index = at;
					while (Double.isFinite(values[index])) {
						index++;
					}
					throw notFinite(field, entry, before + index, values[index]);
				}
			}
			return DoubleTensor.proved(shape, values, bounds);
		}

		private FloatTensor floats(MessageType.Field field, SafetensorsHeader.Entry entry, Shape shape, int before) {
			int size = shape.size();
			float[] values = new float[first(size, Float.BYTES)];
			Bounds bounds = Bounds.EMPTY;
			for (int at = 0, count; at < size; at += count) {
				count = readPiece(entry, size - at, Float.BYTES);
				if (values.length < at + count) {
					values = Arrays.copyOf(values, grown(values.length, size));
				}
				this.piece.asFloatBuffer().get(values, at, count);
				bounds = bounds.and(Bounds.of(values, at, at + count));
				if (!bounds.isFinite()) {
					int index = at;
					while (Float.isFinite(values[index])) {
						index++;
					}
					throw notFinite(field, entry, before + index, values[index]);
				}
			}
			return FloatTensor.proved(shape, values, bounds);
		}

		private Indices indices(MessageType.Field field, SafetensorsHeader.Entry entry) {
			int size = entry.shape().size();
			int[] values = new int[first(size, Long.BYTES)];
			for (int at = 0, count; at < size; at += count) {
				count = readPiece(entry, size - at, Long.BYTES);
				if (values.length < at + count) {
					values = Arrays.copyOf(values, grown(values.length, size));
				}
				for (int i = 0; i < count; i++) {
					long index = this.piece.getLong(i * Long.BYTES);
					if (index < 0 || index > Integer.MAX_VALUE) {
						throw new IndexOutOfRangeException(field.pointer() + '/' + (at + i),
								"must be an index from 0 to " + Integer.MAX_VALUE + ", was " + index);
					}
					values[at + i] = (int) index;
				}
			}
			return Indices.of(values);
		}

		/// For how many elements there is room at first: for all where they are
		/// announced, else for no more than one piece, since a header alone costs its
		/// sender nothing.
		private int first(int size, int bytes) {
			return this.announced ? size : Math.min(size, PIECE / bytes);
		}

		private static int grown(int length, int size) {
			return (length > size / 2) ? size : 2 * length;
		}

		/// Fills the piece with the next elements, as many as it holds.
		/// @param most how many there are
		private int readPiece(SafetensorsHeader.Entry entry, int most, int bytes) {
			int count = Math.min(most, this.piece.capacity() / bytes);
			this.body.read(this.piece.array(), count * bytes, () -> "the data of " + entry.shownName(),
					this.plan.header().dataStart() + entry.end());
			this.piece.clear();
			return count;
		}

		private static InvalidFieldException notFinite(MessageType.Field field, SafetensorsHeader.Entry entry,
				int index, double value) {
			String pointer = entry.shape().isScalar() ? field.pointer() : field.pointer() + '/' + index;
			return new InvalidFieldException(pointer, "must be finite, was " + value);
		}

	}

}
