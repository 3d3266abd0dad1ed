package dev.adagrad.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Decimals;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Writes messages as JSON: one object, its members in the order of the record's components, without white space, in
/// ASCII. Components that are null are left out, unless their type says otherwise, see [MessageType].
///
/// A tensor of rank 0 becomes a number, any other tensor one flat array. Blocks of tensors become one flat array too;
/// the writer asks for one block at a time. Each number has the fewest digits that read back to the same value of its
/// dtype, in the form of [Double#toString(double)] and [Float#toString(float)], which is valid JSON for every finite
/// number and has at least two digits.
///
/// Stateless; safe for use by any number of threads.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259: JSON</a>
final class JsonMessageWriter {

	/// Writes one message; the stream is neither flushed nor closed.
	/// @throws IOException if the stream fails
	/// @throws IllegalArgumentException if a number of the message is not finite
	void write(Message message, OutputStream out) throws IOException {
		Text text = new Text(out);
		text.object(message);
		text.flush();
	}

	/// Text that has been written and not yet passed on.
	private static final class Text {

		private static final int FIRST_CAPACITY = 256;

		private static final int CAPACITY = 8 * 1024;

		private final OutputStream out;

		private byte[] bytes = new byte[FIRST_CAPACITY];

		private int size;

		Text(OutputStream out) {
			this.out = out;
		}

		void object(Message message) throws IOException {
			char before = '{';
			for (MessageField field : MessageType.ofAny(message.getClass()).fields()) {
				Object value = field.valueIn(message);
				if (value != null || field.always()) {
					ascii(before);
					before = ',';
					string(field.name());
					ascii(':');
					value(value);
				}
			}
			ascii((before == '{') ? "{}" : "}");
		}

		private void value(@Nullable Object value) throws IOException {
			switch (value) {
				case null -> ascii("null");
				case Tensor tensor -> blocks(Blocks.of(tensor));
				case Blocks<?> blocks -> blocks(blocks);
				case Indices indices -> array(indices.values());
				case Long number -> ascii(number.toString());
				case Integer number -> ascii(number.toString());
				case Double number -> number(number);
				case Boolean truth -> ascii(truth.toString());
				case Enum<?> constant -> string(WireNames.of(constant));
				case String string -> string(string);
				case Instant instant -> string(DateTimeFormatter.ISO_INSTANT.format(instant));
				case Set<?> constants -> values(constants);
				case List<?> messages -> values(messages);
				case Message message -> object(message);
				case Map<?, ?> named -> named(named);
				default -> throw new IllegalArgumentException("a value of a type that no message can carry");
			}
		}

		private void named(Map<?, ?> messages) throws IOException {
			char before = '{';
			for (Map.Entry<?, ?> named : messages.entrySet()) {
				ascii(before);
				before = ',';
				string((String) named.getKey());
				ascii(':');
				value(named.getValue());
			}
			ascii((before == '{') ? "{}" : "}");
		}

		private void values(Iterable<?> values) throws IOException {
			char before = '[';
			for (Object value : values) {
				ascii(before);
				before = ',';
				value(value);
			}
			ascii((before == '[') ? "[]" : "]");
		}

		private void blocks(Blocks<?> blocks) throws IOException {
			boolean scalar = blocks.shape().isScalar();
			char before = '[';
			for (Numbers block : blocks) {
				switch (block) {
					case DoubleTensor doubles when scalar -> number(doubles.values()[0]);
					case FloatTensor floats when scalar -> number(floats.values()[0]);
					case DoubleTensor doubles -> elements(before, doubles.values());
					case FloatTensor floats -> elements(before, floats.values());
					case Decimals decimals ->
						throw new IllegalArgumentException("numbers without a dtype, which no message can carry");
				}
				before = (block.size() > 0) ? ',' : before;
			}
			if (!scalar) {
				ascii((before == '[') ? "[]" : "]");
			}
		}

		private void elements(char first, double[] values) throws IOException {
			char before = first;
			for (double value : values) {
				ascii(before);
				before = ',';
				number(value);
			}
		}

		private void elements(char first, float[] values) throws IOException {
			char before = first;
			for (float value : values) {
				ascii(before);
				before = ',';
				number(value);
			}
		}

		private void array(long[] values) throws IOException {
			char before = '[';
			for (long value : values) {
				ascii(before);
				before = ',';
				ascii(Long.toString(value));
			}
			ascii((values.length == 0) ? "[]" : "]");
		}

		private void number(double value) throws IOException {
			reserve(ShortestDecimal.ROOM);
			this.size = ShortestDecimal.write(value, this.bytes, this.size);
		}

		private void number(float value) throws IOException {
			reserve(ShortestDecimal.ROOM);
			this.size = ShortestDecimal.write(value, this.bytes, this.size);
		}

		private void string(String string) throws IOException {
			ascii('"');
			for (int i = 0; i < string.length(); i++) {
				char c = string.charAt(i);
				if (c == '"' || c == '\\') {
					ascii('\\');
					ascii(c);
				}
				else if (c >= ' ' && c < 0x7F) {
					ascii(c);
				}
				else {
					ascii(String.format("\\u%04x", (int) c));
				}
			}
			ascii('"');
		}

		private void ascii(String text) throws IOException {
			for (int i = 0; i < text.length(); i++) {
				ascii(text.charAt(i));
			}
		}

		private void ascii(char c) throws IOException {
			reserve(1);
			this.bytes[this.size++] = (byte) c;
		}

		private void reserve(int count) throws IOException {
			if (this.bytes.length - this.size < count) {
				if (this.bytes.length < CAPACITY) {
					this.bytes = Arrays.copyOf(this.bytes, CAPACITY);
				}
				else {
					flush();
				}
			}
		}

		void flush() throws IOException {
			this.out.write(this.bytes, 0, this.size);
			this.size = 0;
		}

	}

}
