package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;

/// Reads what is no tensor from the strings of a safetensors file's metadata: numbers as JSON writes them, `true` and
/// `false`, names, and names with commas between them.
final class MetadataValue {

	private static final String NUMBER = "must be a number as JSON has it";

	private static final String INTEGER = "must be an integer";

	private final MessageType.Field field;

	private final String text;

	private MetadataValue(MessageType.Field field, String text) {
		this.field = field;
		this.text = text;
	}

	/// The value of a field.
	/// @param field whose kind stands in metadata
	/// @throws Refusal if the text is no such value
	static Object read(MessageType.Field field, String text) {
		MetadataValue value = new MetadataValue(field, text);
		return switch (field.kind()) {
			case DOUBLE -> value.number();
			case LONG -> value.integer(Long.MIN_VALUE, Long.MAX_VALUE, "64");
			case INTEGER -> (int) value.integer(Integer.MIN_VALUE, Integer.MAX_VALUE, "32");
			case BOOLEAN -> value.truth();
			case ENUM, DTYPE -> value.constant(text);
			case ENUM_SET -> value.constants();
			case STRING -> text;
			case NUMBERS, STAGED_NUMBERS, TENSOR, TENSOR_BLOCKS, INDICES, SHAPE, DOUBLES, INSTANT, MESSAGE, NAMED,
					MESSAGES ->
				throw new IllegalArgumentException(field.name() + " does not stand in metadata");
		};
	}

	private double number() {
		double value = scan(NUMBER).toDouble();
		if (Double.isInfinite(value)) {
			throw refused("must be within the range of F64");
		}
		return value;
	}

	private long integer(long least, long most, String bits) {
		try {
			long value = scan(INTEGER).toLong();
			if (value >= least && value <= most) {
				return value;
			}
		}
		catch (ArithmeticException ex) {
			// no integer, or beyond 64 bits
		}
		throw refused(INTEGER + " of " + bits + " bits");
	}

	private NumberScanner scan(String rule) {
		byte[] bytes = this.text.getBytes(StandardCharsets.UTF_8);
		JsonCursor cursor = new JsonCursor(new ByteArrayInputStream(bytes), bytes.length, bytes.length);
		NumberScanner scanner = new NumberScanner(cursor);
		try {
			if (NumberScanner.begins(cursor.peek()) && scanner.scan() && cursor.peek() < 0) {
				return scanner;
			}
			throw refused(rule);
		}
		catch (Refusal ex) {
			throw refused(rule);
		}
		catch (IOException ex) {
			throw new IllegalStateException("memory cannot break off", ex);
		}
	}

	private boolean truth() {
		return switch (this.text) {
			case "true" -> true;
			case "false" -> false;
			default -> throw refused("must be true or false");
		};
	}

	private Object constant(String name) {
		Object constant = this.field.names().find(name);
		if (constant == null) {
			throw Refusal.at(Code.INVALID_FIELD, this.field.pointer(),
					"must be one of " + this.field.names().allowed() + ", was " + Excerpt.quoted(name));
		}
		return constant;
	}

	private Object constants() {
		List<String> names = new ArrayList<>();
		if (!this.text.isBlank()) {
			for (String name : this.text.split(",", -1)) {
				constant(name.strip());
				names.add(name.strip());
			}
		}
		return this.field.names().setOf(names);
	}

	private Refusal refused(String rule) {
		return Refusal.at(Code.INVALID_FIELD, this.field.pointer(), rule + ", was " + Excerpt.quoted(this.text));
	}

}
