package dev.adagrad.torture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A body that is made while it is sent, so that a hundred clients with large ones take no memory.
///
/// Safe for use by any number of threads.
/// @param contentType what it is
/// @param parts what it consists of
record Body(String contentType, List<Part> parts) {

	static final String JSON = "application/json";

	static final String SAFETENSORS = "application/vnd.safetensors";

	/// At least so many bytes lie ready of what is repeated.
	private static final int BLOCK_BYTES = 32 * 1024;

	static final Body NONE = new Body("", List.of());

	/// Whether there is one at all.
	boolean exists() {
		return !this.parts.isEmpty();
	}

	long length() {
		return this.parts.stream().mapToLong(Part::length).sum();
	}

	static Body json(String text) {
		return new Body(JSON, List.of(Part.text(text)));
	}

	/// `{"<name>":[…], …}`.
	/// @param unit a number and a comma
	/// @param elements of each array
	static Body jsonArrays(String unit, int elements, String... names) {
		Part most = Part.repeated(unit.getBytes(StandardCharsets.US_ASCII), elements - 1L);
		List<Part> parts = new ArrayList<>();
		for (String name : names) {
			parts.add(Part.text((parts.isEmpty() ? "{\"" : "],\"") + name + "\":["));
			parts.add(most);
			parts.add(Part.text(unit.substring(0, unit.length() - 1)));
		}
		parts.add(Part.text("]}"));
		return new Body(JSON, List.copyOf(parts));
	}

	/// A safetensors file of F64 tensors, all of whose elements are 0.5.
	/// @param metadata members of `__metadata__`, such as `"step":"3"`
	/// @param elements of each tensor
	static Body tensors(String metadata, int elements, String... names) {
		StringBuilder header = new StringBuilder("{\"__metadata__\":{").append(metadata).append('}');
		long begin = 0;
		for (String name : names) {
			long end = begin + elements * 8L;
			header.append(",\"")
				.append(name)
				.append("\":{\"dtype\":\"F64\",\"shape\":[")
				.append(elements)
				.append("],\"data_offsets\":[")
				.append(begin)
				.append(',')
				.append(end)
				.append("]}");
			begin = end;
		}
		header.append('}');
		byte[] length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length()).array();
		byte[] half = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0.5).array();
		return new Body(SAFETENSORS, List.of(Part.repeated(length, 1), Part.text(header.toString()),
				Part.repeated(half, (long) elements * names.length)));
	}

	/// Bytes that come again and again until there are enough.
	static final class Part {

		/// A whole number of repetitions.
		private final byte[] bytes;

		private final long length;

		private Part(byte[] bytes, long length) {
			this.bytes = bytes;
			this.length = length;
		}

		static Part text(String text) {
			byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
			return new Part(bytes, bytes.length);
		}

		static Part repeated(byte[] unit, long times) {
			int together = (int) Math.min(times, BLOCK_BYTES / unit.length + 1);
			ByteBuffer bytes = ByteBuffer.allocate(together * unit.length);
			while (bytes.hasRemaining()) {
				bytes.put(unit);
			}
			return new Part(bytes.array(), unit.length * times);
		}

		/// How many bytes in all.
		long length() {
			return this.length;
		}

		/// How many may be written at a time.
		int block() {
			return this.bytes.length;
		}

		/// Writes the beginning of what is repeated.
		void write(OutputStream out, int count) throws IOException {
			out.write(this.bytes, 0, count);
		}

	}

}
