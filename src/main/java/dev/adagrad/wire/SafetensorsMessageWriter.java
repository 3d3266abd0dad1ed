package dev.adagrad.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.RawElements;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;

/// Writes messages as safetensors files: tensors as tensors, in whatever memory they are, indices as I64, everything
/// else as strings in the metadata. Null components are left out.
///
/// The header is padded with spaces to a multiple of eight bytes, and the tensors with the wider elements come first. So
/// each tensor begins at a multiple of its element size, and a program may map it into memory as it is.
///
/// Stateless; safe for use by any number of threads.
///
/// @see Safetensors
final class SafetensorsMessageWriter {

	private static final int ALIGNMENT = 8;

	/// The header of a step's answer has about 150 bytes.
	private static final int FIRST_HEADER = 256;

	/// Measured: a short file takes 1.6 times as long with 64 KiB, mostly to fill the
	/// new buffer with zeros.
	private static final int PIECE = 8 * 1024;

	private final JsonMessageWriter json = new JsonMessageWriter();

	/// Plans the file of a message.
	/// @throws IllegalArgumentException if a component cannot stand in a file, see
	/// [MessageType#isWritableAsTensors()]
	File file(Message message) {
		StringBuilder metadata = new StringBuilder();
		List<Part> parts = new ArrayList<>();
		collect(message, "", metadata, parts);
		parts.sort((a, b) -> Integer.compare(b.elementBytes(), a.elementBytes()));
		return new File(header(metadata, parts), parts);
	}

	/// @param behind what follows the names of tensors: nothing, or the name of the
	/// message that they belong to, as in `grad/the.name`
	private void collect(Message message, String behind, StringBuilder metadata, List<Part> parts) {
		for (MessageField field : MessageType.ofAny(message.getClass()).fields()) {
			switch (field.valueIn(message)) {
				case null -> {
				}
				case Tensor tensor -> parts.add(part(field.name() + behind, tensor));
				case Blocks<?> blocks -> parts.add(part(field.name() + behind, blocks));
				case Indices indices -> parts.add(part(field.name() + behind, indices));
				case Map<?, ?> named ->
					named.forEach((name, each) -> collect((Message) each, "/" + name, metadata, parts));
				case Object other when behind.isEmpty() -> member(metadata, field.name(), text(other));
				default -> throw new IllegalArgumentException("a value of a type that no named tensor can carry");
			}
		}
	}

	private String text(Object value) {
		return switch (value) {
			case Enum<?> constant -> WireNames.of(constant);
			case Long _, Integer _, Boolean _ -> value.toString();
			case Message nested -> escaped(nested);
			default -> throw new IllegalArgumentException("a value of a type that no file can carry");
		};
	}

	private static Part part(String name, Tensor tensor) {
		return part(name, tensor.dtype(), tensor.shape(), tensor);
	}

	private static Part part(String name, Indices indices) {
		return new Part(name, Safetensors.I64, Long.BYTES, Shape.vector(indices.size()), indices);
	}

	private static Part part(String name, Blocks<?> blocks) {
		if (!(blocks.iterator().next() instanceof Tensor first)) {
			throw new IllegalArgumentException("numbers without a dtype, which no message can carry");
		}
		return part(name, first.dtype(), blocks.shape(), blocks);
	}

	private static Part part(String name, DType dtype, Shape shape, Object elements) {
		return new Part(name, dtype.name(), dtype.bytes(), shape, elements);
	}

	/// A message as JSON (ASCII only), escaped for use in a JSON string.
	private String escaped(Message message) {
		ByteArrayOutputStream json = new ByteArrayOutputStream();
		try {
			this.json.write(message, json);
		}
		catch (IOException ex) {
			throw new IllegalStateException("memory cannot break off", ex);
		}
		return json.toString(StandardCharsets.US_ASCII).replace("\\", "\\\\").replace("\"", "\\\"");
	}

	/// Adds a member. Names of fields, numbers and words need no escape.
	private static void member(StringBuilder object, String name, String plain) {
		object.append(object.isEmpty() ? "\"" : ",\"").append(name).append("\":\"").append(plain).append('"');
	}

	/// The header, in ASCII. The names in it need no escape either.
	private static String header(StringBuilder metadata, List<Part> parts) {
		StringBuilder json = new StringBuilder(FIRST_HEADER);
		char before = '{';
		if (!metadata.isEmpty()) {
			json.append("{\"" + Safetensors.METADATA + "\":{").append(metadata).append('}');
			before = ',';
		}
		long begin = 0;
		for (Part part : parts) {
			long end = begin + part.bytes();
			json.append(before)
				.append('"')
				.append(part.name())
				.append("\":{\"" + Safetensors.DTYPE + "\":\"")
				.append(part.dtype())
				.append("\",\"" + Safetensors.SHAPE + "\":[");
			List<Integer> dimensions = part.shape().dimensions();
			for (int i = 0; i < dimensions.size(); i++) {
				json.append((i > 0) ? "," : "").append(dimensions.get(i).intValue());
			}
			json.append("],\"" + Safetensors.DATA_OFFSETS + "\":[").append(begin).append(',').append(end).append("]}");
			before = ',';
			begin = end;
		}
		json.append((before == '{') ? "{}" : "}");
		while (json.length() % ALIGNMENT != 0) {
			json.append(' ');
		}
		return json.toString();
	}

	/// A tensor of the file.
	///
	/// @param elements [Tensor], [Blocks] of it, or [Indices]
	private record Part(String name, String dtype, int elementBytes, Shape shape, Object elements) {

		long bytes() {
			return (long) this.shape.size() * this.elementBytes;
		}

	}

	/// A message as a file that has not been written yet. It may be written once.
	record File(String header, List<Part> parts) {

		/// The number of its bytes.
		long length() {
			return Safetensors.LENGTH_BYTES + this.header.length() + this.parts.stream().mapToLong(Part::bytes).sum();
		}

		/// Writes it; the stream is neither flushed nor closed.
		/// @throws IOException if the stream fails
		void write(OutputStream out) throws IOException {
			new Pieces(out, (int) Math.min(PIECE, length())).write(this);
		}

	}

	/// Copies arrays into the stream, piece by piece.
	private static final class Pieces {

		private final OutputStream out;

		private final ByteBuffer piece;

		Pieces(OutputStream out, int capacity) {
			this.out = out;
			this.piece = ByteBuffer.allocate(Math.max(capacity, ALIGNMENT)).order(ByteOrder.LITTLE_ENDIAN);
		}

		void write(File file) throws IOException {
			byte[] header = file.header.getBytes(StandardCharsets.US_ASCII);
			this.piece.putLong(header.length);
			put(header);
			for (Part part : file.parts) {
				switch (part.elements()) {
					case Indices indices -> put(indices.values());
					case Tensor tensor -> put(tensor);
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
				put((Tensor) block);
			}
		}

		private void put(Tensor tensor) throws IOException {
			for (int at = 0, count; at < tensor.size(); at += count) {
				count = Math.min(tensor.size() - at, room(tensor.dtype().bytes()));
				RawElements.put(tensor, at, this.piece, count);
			}
		}

		private void put(long[] values) throws IOException {
			for (long value : values) {
				room(Long.BYTES);
				this.piece.putLong(value);
			}
		}

		/// The number of elements that there is room for, at least one.
		private int room(int bytes) throws IOException {
			if (this.piece.remaining() < bytes) {
				flush();
			}
			return this.piece.remaining() / bytes;
		}

		private void flush() throws IOException {
			this.out.write(this.piece.array(), 0, this.piece.position());
			this.piece.clear();
		}

	}

}
