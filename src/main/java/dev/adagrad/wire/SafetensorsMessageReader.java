package dev.adagrad.wire;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.spool.Room;
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
/// length of the body is announced, to fit that, and then no more than a few times what has come. Of tensors that are
/// staged one block is held, the others go to a file. What is held is taken from a [Room].
///
/// Safe for use by any number of threads.
///
/// @see Safetensors
final class SafetensorsMessageReader {

	/// A header that is read takes about so many times its bytes: itself, its names and
	/// its numbers as objects.
	private static final int HEADER_COPIES = 10;

	private final int blockSize;

	private final KnownPlans knownPlans = new KnownPlans();

	SafetensorsMessageReader() {
		this(JsonMessageReader.BLOCK_SIZE);
	}

	/// @param blockSize the most elements of a block, ≥ 1
	SafetensorsMessageReader(int blockSize) {
		this.blockSize = blockSize;
	}

	/// Reads one message, to the end of the stream, which is not closed.
	/// @param contentLength how many bytes there will be, or −1 if that is not known
	/// @param room for the header and the elements, and for files of staged numbers
	/// beyond one block
	/// @throws Refusal if there is no room for an element
	/// @throws java.io.UncheckedIOException if the spool fails, with [Refusal] among it
	/// @throws Refusal if the body is not a file as above, or no such message, or beyond
	/// the limits
	/// @throws IllegalArgumentException if no message can be read as `type`, see
	/// [MessageType#isReadableFromTensors()]
	<T extends Record & Message> T read(MessageType<T> type, InputStream in, long contentLength, Limits limits,
			Room room) {
		if (!type.isReadableFromTensors()) {
			throw new IllegalArgumentException("a message of this type has no tensors to be read");
		}
		BodyBytes body = new BodyBytes(in, limits.maxRequestBytes());
		SafetensorsPlan plan = plan(type, body, contentLength, limits, room);
		return type.create(new Reading(body, plan, room).fields(type));
	}

	private SafetensorsPlan plan(MessageType<?> type, BodyBytes body, long contentLength, Limits limits, Room room) {
		int maxElements = limits.maxElements();
		byte[] length = new byte[Safetensors.LENGTH_BYTES];
		body.read(length, length.length, () -> "the header's length", length.length);
		long headerBytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
		if (headerBytes < 0 || headerBytes > SafetensorsHeader.MAX_BYTES) {
			throw Refusal.malformedFile(0, "the header is said to have " + Long.toUnsignedString(headerBytes)
					+ " bytes, must have at most " + SafetensorsHeader.MAX_BYTES);
		}
		long rest = contentLength - length.length;
		if (contentLength >= 0 && headerBytes > rest) {
			throw Refusal.malformedFile(0,
					"the header is said to have " + headerBytes + " bytes, but only " + rest + " follow");
		}
		room.take(HEADER_COPIES * headerBytes);
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
		SafetensorsPlan plan = SafetensorsPlan.of(type, header, limits, room);
		this.knownPlans.keep(type, bytes, maxElements, plan);
		return plan;
	}

	/// One body on its way, behind its header.
	private final class Reading {

		/// Measured: with 64 KiB reading takes 1.2 times as long, most of it for zeros.
		private static final int PIECE = 8 * 1024;

		/// So many are allocated at once, whatever has come.
		private static final int FIRST_ELEMENTS = 8 * 1024;

		private static final int GROWTH = 8;

		private final BodyBytes body;

		private final SafetensorsPlan plan;

		private final Room room;

		/// All staged tensors of the file, one after the other.
		private final SpooledBlocks<Numbers> staged;

		/// How many bytes of them are in memory.
		private long held;

		private final ByteBuffer piece;

		Reading(BodyBytes body, SafetensorsPlan plan, Room room) {
			this.body = body;
			this.plan = plan;
			this.room = room;
			this.staged = new SpooledBlocks<>(room, SafetensorsMessageReader.this.blockSize);
			this.piece = ByteBuffer.allocate((int) Math.min(PIECE, plan.header().dataBytes()))
				.order(ByteOrder.LITTLE_ENDIAN);
		}

		@Nullable Object[] fields(MessageType<?> type) {
			@Nullable Object[] values = this.plan.values();
			Map<String, @Nullable Object[]> named = this.plan.named();
			for (SafetensorsPlan.Part part : this.plan.parts()) {
				@Nullable Object[] message = part.name().isEmpty() ? values : named.getOrDefault(part.name(), values);
				message[part.field().index()] = tensor(part);
			}
			this.body.requireEnd();
			MessageField field = type.namedField();
			if (field != null && !named.isEmpty()) {
				Map<String, Message> messages = new LinkedHashMap<>();
				named.forEach((name, fields) -> messages.put(name, field.nested().create(fields)));
				values[field.index()] = messages;
			}
			return values;
		}

		private Object tensor(SafetensorsPlan.Part part) {
			return switch (part.field().kind()) {
				case NUMBERS -> elements(part, part.entry().shape(), 0);
				case STAGED_NUMBERS -> blocks(part);
				case INDICES -> indices(part);
				default -> throw new IllegalStateException("no tensor is read as " + part.field().kind());
			};
		}

		private Blocks<Numbers> blocks(SafetensorsPlan.Part part) {
			int first = this.staged.count();
			int size = part.entry().shape().size();
			int most = SafetensorsMessageReader.this.blockSize;
			for (int from = 0; from < size; from += Math.min(most, size - from)) {
				Tensor block = elements(part, Shape.vector(Math.min(most, size - from)), from);
				this.staged.add(block);
				this.held += (long) block.size() * block.dtype().bytes();
				if (this.staged.isSpooled()) {
					this.room.giveBack(this.held);
					this.held = 0;
				}
			}
			return this.staged.since(first, part.entry().shape());
		}

		/// @param offset how many elements of the tensor went before
		private Tensor elements(SafetensorsPlan.Part part, Shape shape, int offset) {
			return switch (part.entry().dtype()) {
				case F64 -> doubles(part, shape, offset);
				case F32 -> floats(part, shape, offset);
				case null -> throw new IllegalStateException("indices are no floating-point numbers");
			};
		}

		private DoubleTensor doubles(SafetensorsPlan.Part part, Shape shape, int offset) {
			int size = shape.size();
			double[] values = new double[taken(0, size, Double.BYTES)];
			Bounds bounds = Bounds.EMPTY;
			for (int at = 0, count; at < size; at += count) {
				count = readPiece(part.entry(), size - at, Double.BYTES);
				if (values.length < at + count) {
					int before = values.length;
					values = Arrays.copyOf(values, taken(before, size, Double.BYTES));
					this.room.giveBack((long) before * Double.BYTES);
				}
				this.piece.asDoubleBuffer().get(values, at, count);
				bounds = bounds.and(Bounds.of(values, at, at + count));
				if (!bounds.isFinite()) {
					throw notFinite(part, offset, DoubleTensor.proved(Shape.vector(values.length), values), at);
				}
			}
			return DoubleTensor.proved(shape, values, bounds);
		}

		private FloatTensor floats(SafetensorsPlan.Part part, Shape shape, int offset) {
			int size = shape.size();
			float[] values = new float[taken(0, size, Float.BYTES)];
			Bounds bounds = Bounds.EMPTY;
			for (int at = 0, count; at < size; at += count) {
				count = readPiece(part.entry(), size - at, Float.BYTES);
				if (values.length < at + count) {
					int before = values.length;
					values = Arrays.copyOf(values, taken(before, size, Float.BYTES));
					this.room.giveBack((long) before * Float.BYTES);
				}
				this.piece.asFloatBuffer().get(values, at, count);
				bounds = bounds.and(Bounds.of(values, at, at + count));
				if (!bounds.isFinite()) {
					throw notFinite(part, offset, FloatTensor.proved(Shape.vector(values.length), values), at);
				}
			}
			return FloatTensor.proved(shape, values, bounds);
		}

		private Indices indices(SafetensorsPlan.Part part) {
			int size = part.entry().shape().size();
			long[] values = new long[taken(0, size, Long.BYTES)];
			for (int at = 0, count; at < size; at += count) {
				count = readPiece(part.entry(), size - at, Long.BYTES);
				if (values.length < at + count) {
					int before = values.length;
					values = Arrays.copyOf(values, taken(before, size, Long.BYTES));
					this.room.giveBack((long) before * Long.BYTES);
				}
				for (int i = 0; i < count; i++) {
					long index = this.piece.getLong(i * Long.BYTES);
					if (index < 0) {
						throw Refusal.at(Code.INDEX_OUT_OF_RANGE, part.pointer() + '/' + (at + i),
								"must be an index from 0 to " + Long.MAX_VALUE + ", was " + index);
					}
					values[at + i] = index;
				}
			}
			return Indices.of(values);
		}

		/// Takes memory for the elements that came and those to come: for a few at first,
		/// and eight times as many whenever it is full, up to all. What a header claims
		/// costs its sender nothing; and to copy an eighth, once, costs little.
		/// @param before how many there was memory for
		/// @return for how many there is now
		private int taken(int before, int size, int bytes) {
			int length = size;
			while (length > FIRST_ELEMENTS && Math.ceilDiv(length, GROWTH) > before) {
				length = Math.ceilDiv(length, GROWTH);
			}
			this.room.take((long) length * bytes);
			return length;
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

		/// @param offset how many elements of the tensor went before those
		/// @param from where among those the first that is not finite is looked for
		private static Refusal notFinite(SafetensorsPlan.Part part, int offset, Tensor elements, int from) {
			int index = from;
			while (Double.isFinite(elements.valueAt(index))) {
				index++;
			}
			String pointer = part.entry().shape().isScalar() ? part.pointer() : part.pointer() + '/' + (offset + index);
			return Refusal.at(Code.INVALID_FIELD, pointer, "must be finite, was " + elements.valueAt(index));
		}

	}

}
