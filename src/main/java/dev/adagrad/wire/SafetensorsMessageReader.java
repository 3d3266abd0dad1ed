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
/// Tensors with the same number of elements must have the same shape, of any rank; rank 0 is a bare number. All other
/// fields are strings in the file's metadata, see [MetadataValue]; it may also contain `format`. If a message names a
/// dtype, it must be that of its tensors.
///
/// The first fault in reading order decides, the header before the data. Bytes go into the tensors piece by piece, as
/// they arrive. Nothing is allocated before the header's counts are known to fit together, and to fit the length of
/// the body if that is announced. Then no more is allocated than a few times what has arrived. Of staged tensors the
/// reader holds one block; the others go to a file. It takes the memory from a [Room].
///
/// Safe for use by any number of threads.
///
/// @see Safetensors
final class SafetensorsMessageReader {

	/// While a header is read, it takes about this many times its bytes: the header
	/// itself, its names, and its numbers as objects.
	private static final int HEADER_COPIES = 10;

	private final int blockSize;

	private final KnownPlans knownPlans = new KnownPlans();

	SafetensorsMessageReader() {
		this(JsonMessageReader.BLOCK_SIZE);
	}

	/// @param blockSize the largest number of elements of a block, ≥ 1
	SafetensorsMessageReader(int blockSize) {
		this.blockSize = blockSize;
	}

	/// Reads one message, as [MessageConverter#read].
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

	/// One body that is being read, after its header.
	private final class Reading {

		/// Measured: reading takes 1.2 times as long with 64 KiB, mostly to fill the new
		/// buffer with zeros.
		private static final int PIECE = 8 * 1024;

		/// This many are allocated at first, however few have arrived.
		private static final int FIRST_ELEMENTS = 8 * 1024;

		private static final int GROWTH = 8;

		private final BodyBytes body;

		private final SafetensorsPlan plan;

		private final Room room;

		/// All staged tensors of the file, one after the other.
		private final SpooledBlocks<Numbers> staged;

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
				this.staged.add(block, (long) block.size() * block.dtype().bytes(), this.room);
			}
			return this.staged.since(first, part.entry().shape());
		}

		/// @param offset the number of elements of the tensor before
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

		/// Takes memory for the elements that have come and those to come: for a few at
		/// first, and for eight times as many whenever it is full, up to all. It does
		/// not trust the header, since a large claim costs its sender nothing. Copying
		/// an eighth once costs little.
		/// @param before the number of elements that there was memory for
		/// @return the number of elements that there is memory for now
		private int taken(int before, int size, int bytes) {
			int length = size;
			while (length > FIRST_ELEMENTS && Math.ceilDiv(length, GROWTH) > before) {
				length = Math.ceilDiv(length, GROWTH);
			}
			this.room.take((long) length * bytes);
			return length;
		}

		/// Fills the piece with the next elements, as many as fit.
		/// @param most the number of elements left
		private int readPiece(SafetensorsHeader.Entry entry, int most, int bytes) {
			int count = Math.min(most, this.piece.capacity() / bytes);
			this.body.read(this.piece.array(), count * bytes, () -> "the data of " + entry.shownName(),
					this.plan.header().dataStart() + entry.end());
			this.piece.clear();
			return count;
		}

		/// @param offset the number of elements of the tensor before those
		/// @param from where among those the search for the first non-finite one begins
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
