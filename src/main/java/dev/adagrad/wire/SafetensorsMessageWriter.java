package dev.adagrad.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Decimals;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;

/// Writes messages as safetensors files: tensors as tensors, what comes block by block as one of rank 1, indices as I64,
/// all else as strings of the metadata. Components that are null are left out.
///
/// The header is padded with spaces to a multiple of eight bytes, and the tensors with the wider elements come first, so
/// that each begins at a multiple of its element's bytes and may be mapped into memory as it is.
///
/// Stateless; safe for use by any number of threads.
///
/// @see Safetensors
final class SafetensorsMessageWriter {

	private static final int ALIGNMENT = 8;

	/// Measured: with 64 KiB a short file takes 1.6 times as long, most of it for zeros.
	private static final int PIECE = 8 * 1024;

	/// Looks at a message: what its file will be.
	/// @throws IllegalArgumentException if a component cannot stand in a file, see
	/// [MessageType#isWritableAsTensors()]
	File file(Message message) {
		List<String> metadata = new ArrayList<>();
		List<Part> parts = new ArrayList<>();
		for (MessageType.Field field : MessageType.ofAny(message.getClass()).fields()) {
			Object value = field.valueIn(message);
			switch (value) {
				case null -> {
				}
				case Tensor tensor -> parts.add(new Part(field.name(), tensor.dtype().name(), tensor.dtype().bytes(),
						tensor.shape(), Blocks.of(tensor)));
				case Blocks<?> blocks -> parts.add(part(field.name(), blocks));
				case Indices indices -> parts
					.add(new Part(field.name(), Safetensors.I64, Long.BYTES, Shape.vector(indices.size()), indices));
				case Enum<?> constant -> metadata.add(quoted(field.name()) + ':' + quoted(WireNames.of(constant)));
				case Long number -> metadata.add(quoted(field.name()) + ':' + quoted(number.toString()));
				case Integer number -> metadata.add(quoted(field.name()) + ':' + quoted(number.toString()));
				case Boolean truth -> metadata.add(quoted(field.name()) + ':' + quoted(truth.toString()));
				default -> throw new IllegalArgumentException("a value of a type that no file can carry");
			}
		}
		parts.sort((a, b) -> Integer.compare(b.elementBytes(), a.elementBytes()));
		return new File(header(metadata, parts), parts);
	}

	private static Part part(String name, Blocks<?> blocks) {
		if (!(blocks.iterator().next() instanceof Tensor first)) {
			throw new IllegalArgumentException("numbers without a dtype, which no message can carry");
		}
		DType dtype = first.dtype();
		return new Part(name, dtype.name(), dtype.bytes(), Shape.vector(blocks.size()), blocks);
	}

	private static byte[] header(List<String> metadata, List<Part> parts) {
		List<String> members = new ArrayList<>();
		if (!metadata.isEmpty()) {
			members
				.add(quoted(Safetensors.METADATA) + ':' + metadata.stream().collect(Collectors.joining(",", "{", "}")));
		}
		long begin = 0;
		for (Part part : parts) {
			long end = begin + part.bytes();
			members.add(quoted(part.name()) + ":{" + quoted(Safetensors.DTYPE) + ':' + quoted(part.dtype()) + ','
					+ quoted(Safetensors.SHAPE) + ':' + array(part.shape().dimensions()) + ','
					+ quoted(Safetensors.DATA_OFFSETS) + ':' + array(List.of(begin, end)) + '}');
			begin = end;
		}
		String json = '{' + String.join(",", members) + '}';
		int padding = (ALIGNMENT - json.length() % ALIGNMENT) % ALIGNMENT;
		return (json + " ".repeat(padding)).getBytes(StandardCharsets.US_ASCII);
	}

	private static String array(List<? extends Number> integers) {
		StringJoiner array = new StringJoiner(",", "[", "]");
		integers.forEach((integer) -> array.add(integer.toString()));
		return array.toString();
	}

	/// In quotes: names of fields and what [MessageType.Kind#isPlain()] is need no
	/// escape.
	private static String quoted(String plain) {
		return '"' + plain + '"';
	}

	/// A tensor of the file.
	///
	/// @param elements [Blocks] of [Tensor], or [Indices]
	private record Part(String name, String dtype, int elementBytes, Shape shape, Object elements) {

		long bytes() {
			return (long) this.shape.size() * this.elementBytes;
		}

	}

	/// A message as a file that has not been written yet. It may be written once.
	static final class File {

		private final byte[] header;

		private final List<Part> parts;

		private File(byte[] header, List<Part> parts) {
			this.header = header;
			this.parts = parts;
		}

		/// How many bytes it has.
		long length() {
			return Safetensors.LENGTH_BYTES + this.header.length + this.parts.stream().mapToLong(Part::bytes).sum();
		}

		/// Writes it; the stream is neither flushed nor closed.
		/// @throws IOException if the stream fails
		void write(OutputStream out) throws IOException {
			new Pieces(out, (int) Math.min(PIECE, length())).write(this);
		}

	}

	/// What is copied out of arrays, piece by piece.
	private static final class Pieces {

		private final OutputStream out;

		private final ByteBuffer piece;

		Pieces(OutputStream out, int capacity) {
			this.out = out;
			this.piece = ByteBuffer.allocate(Math.max(capacity, ALIGNMENT)).order(ByteOrder.LITTLE_ENDIAN);
		}

		void write(File file) throws IOException {
			this.piece.putLong(file.header.length);
			put(file.header);
			for (Part part : file.parts) {
				switch (part.elements()) {
					case Indices indices -> put(indices.values());
					case Blocks<?> blocks -> put(blocks);
					default -> throw new IllegalStateException(part.name());
				}
			}
			flush();
		}

		private void put(byte[] bytes) throws IOException {
			if (bytes.length > this.piece.remaining()) {
				flush();
			}
			if (bytes.length > this.piece.capacity()) {
				this.out.write(bytes);
			}
			else {
				this.piece.put(bytes);
			}
		}

		private void put(Blocks<?> blocks) throws IOException {
			for (Numbers block : blocks) {
				switch (block) {
					case DoubleTensor doubles -> put(doubles.values());
					case FloatTensor floats -> put(floats.values());
					case Decimals decimals ->
						throw new IllegalArgumentException("numbers without a dtype, which no message can carry");
				}
			}
		}

		private void put(double[] values) throws IOException {
			for (int at = 0; at < values.length;) {
				int count = Math.min(values.length - at, room(Double.BYTES));
				this.piece.asDoubleBuffer().put(values, at, count);
				advance(count * Double.BYTES);
				at += count;
			}
		}

		private void put(float[] values) throws IOException {
			for (int at = 0; at < values.length;) {
				int count = Math.min(values.length - at, room(Float.BYTES));
				this.piece.asFloatBuffer().put(values, at, count);
				advance(count * Float.BYTES);
				at += count;
			}
		}

		private void put(int[] values) throws IOException {
			for (int value : values) {
				room(Long.BYTES);
				this.piece.putLong(value);
			}
		}

		/// For how many elements there is room, at least one.
		private int room(int bytes) throws IOException {
			if (this.piece.remaining() < bytes) {
				flush();
			}
			return this.piece.remaining() / bytes;
		}

		private void advance(int bytes) {
			this.piece.position(this.piece.position() + bytes);
		}

		private void flush() throws IOException {
			this.out.write(this.piece.array(), 0, this.piece.position());
			this.piece.clear();
		}

	}

}
