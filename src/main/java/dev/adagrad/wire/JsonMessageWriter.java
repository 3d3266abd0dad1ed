package dev.adagrad.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Tensor;

/// Writes messages as JSON: one object, its members in the order of the record's components, without white space, in
/// ASCII. Components that are null are left out.
///
/// A tensor of rank 0 is a number, any other one flat array. Each number has the fewest digits that read back to the
/// same value of its dtype, in the form of [Double#toString(double)] and [Float#toString(float)], which is JSON's for
/// all that is finite.
///
/// Stateless; safe for use by any number of threads.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259: JSON</a>
/// @see <a href="https://drive.google.com/file/d/1IEeATSVnEE6TkrHlCYNY2GjaraBjOT4f">Giulietti, The Schubfach way to
/// render doubles (2020)</a>
public final class JsonMessageWriter {

	/// Writes one message; the stream is neither flushed nor closed.
	/// @throws IOException if the stream fails
	/// @throws IllegalArgumentException if a number of the message is not finite
	public void write(Message message, OutputStream out) throws IOException {
		Text text = new Text(out);
		char before = '{';
		for (MessageType.Field field : MessageType.ofAny(message.getClass()).fields()) {
			Object value = field.valueIn(message);
			if (value != null) {
				text.chars.append(before);
				before = ',';
				text.string(field.name());
				text.chars.append(':');
				text.value(value);
			}
		}
		text.chars.append((before == '{') ? "{}" : "}");
		text.flush();
	}

	/// What has been written and not yet handed on. Digits go from the number straight
	/// into the builder, whose chars are
	/// bytes inside as long as they are ASCII: no string is made for a number.
	private static final class Text {

		private static final int FLUSH_AT = 8 * 1024;

		private static final int ROOM_FOR_A_NUMBER = 32;

		private static final int FIRST_CAPACITY = 256;

		private final StringBuilder chars = new StringBuilder(FIRST_CAPACITY);

		private final OutputStream out;

		Text(OutputStream out) {
			this.out = out;
		}

		void value(Object value) throws IOException {
			switch (value) {
				case Tensor tensor -> tensor(tensor);
				case Long number -> this.chars.append(number.longValue());
				case Double number -> this.chars.append(finite(number));
				case Boolean truth -> this.chars.append(truth.booleanValue());
				case Enum<?> constant -> string(WireNames.of(constant));
				case String string -> string(string);
				case Set<?> constants -> {
					char before = '[';
					for (Object constant : constants) {
						this.chars.append(before);
						before = ',';
						string(WireNames.of((Enum<?>) constant));
					}
					this.chars.append((before == '[') ? "[]" : "]");
				}
				default -> throw new IllegalArgumentException("a value of a type that no message can carry");
			}
		}

		private void tensor(Tensor tensor) throws IOException {
			switch (tensor) {
				case DoubleTensor doubles when tensor.shape().isScalar() -> this.chars.append(doubles.values()[0]);
				case FloatTensor floats when tensor.shape().isScalar() -> this.chars.append(floats.values()[0]);
				case DoubleTensor doubles -> array(doubles.values());
				case FloatTensor floats -> array(floats.values());
			}
		}

		private void array(double[] values) throws IOException {
			reserve(values.length);
			char before = '[';
			for (double value : values) {
				this.chars.append(before).append(value);
				before = ',';
				if (this.chars.length() >= FLUSH_AT) {
					flush();
				}
			}
			this.chars.append((values.length == 0) ? "[]" : "]");
		}

		private void array(float[] values) throws IOException {
			reserve(values.length);
			char before = '[';
			for (float value : values) {
				this.chars.append(before).append(value);
				before = ',';
				if (this.chars.length() >= FLUSH_AT) {
					flush();
				}
			}
			this.chars.append((values.length == 0) ? "[]" : "]");
		}

		private void reserve(int numbers) {
			if (numbers > FIRST_CAPACITY / ROOM_FOR_A_NUMBER) {
				long needed = this.chars.length() + (long) numbers * ROOM_FOR_A_NUMBER;
				this.chars.ensureCapacity((int) Math.min(needed, FLUSH_AT + ROOM_FOR_A_NUMBER));
			}
		}

		private static double finite(double value) {
			if (!Double.isFinite(value)) {
				throw new IllegalArgumentException("a number must be finite, was " + value);
			}
			return value;
		}

		void string(String string) {
			this.chars.append('"');
			for (int i = 0; i < string.length(); i++) {
				char c = string.charAt(i);
				if (c == '"' || c == '\\') {
					this.chars.append('\\').append(c);
				}
				else if (c >= ' ' && c < 0x7F) {
					this.chars.append(c);
				}
				else {
					this.chars.append(String.format("\\u%04x", (int) c));
				}
			}
			this.chars.append('"');
		}

		void flush() throws IOException {
			this.out.write(this.chars.toString().getBytes(StandardCharsets.ISO_8859_1));
			this.chars.setLength(0);
		}

	}

}
