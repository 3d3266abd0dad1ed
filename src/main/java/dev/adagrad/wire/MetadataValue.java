package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.adagrad.refusal.Excerpt;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;

/// Reads the fields that are not tensors from the strings in a safetensors file's metadata: numbers as JSON writes
/// them, `true` and `false`, names, and names separated by commas.
final class MetadataValue {

	private static final String NUMBER = "must be a number as JSON has it";

	private static final String INTEGER = "must be an integer";

	private MetadataValue() {
	}

	/// The value of a field.
	/// @param field a field whose kind metadata can hold
	/// @throws Refusal if the text is not such a value
	static Object read(MessageField field, String text) {
		return switch (field.kind()) {
			case DOUBLE -> number(field, text);
			case LONG -> integer(field, text, Long.MIN_VALUE, Long.MAX_VALUE, "64");
			case INTEGER -> (int) integer(field, text, Integer.MIN_VALUE, Integer.MAX_VALUE, "32");
			case BOOLEAN -> truth(field, text);
			case ENUM, DTYPE -> constant(field, text);
			case ENUM_SET -> constants(field, text);
			case STRING -> text;
			case NUMBERS, STAGED_NUMBERS, TENSOR, TENSOR_BLOCKS, INDICES, SHAPE, DOUBLES, INSTANT, MESSAGE, NAMED,
					MESSAGES ->
				throw new IllegalArgumentException(field.name() + " does not stand in metadata");
		};
	}

	private static double number(MessageField field, String text) {
		double value = scan(field, text, NUMBER).toDouble();
		if (Double.isInfinite(value)) {
			throw refused(field, text, "must be within the range of F64");
		}
		return value;
	}

	private static long integer(MessageField field, String text, long least, long most, String bits) {
		try {
			long value = scan(field, text, INTEGER).toLong();
			if (value >= least && value <= most) {
				return value;
			}
		}
		catch (ArithmeticException ex) {
			// not an integer, or beyond 64 bits
		}
		throw refused(field, text, INTEGER + " of " + bits + " bits");
	}

	private static NumberScanner scan(MessageField field, String text, String rule) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		JsonCursor cursor = new JsonCursor(new ByteArrayInputStream(bytes), bytes.length, bytes.length);
		NumberScanner scanner = new NumberScanner(cursor);
		try {
			if (NumberScanner.begins(cursor.peek()) && scanner.scan() && cursor.peek() < 0) {
				return scanner;
			}
			throw refused(field, text, rule);
		}
		catch (Refusal ex) {
			throw refused(field, text, rule);
		}
		catch (IOException ex) {
			throw new IllegalStateException("memory cannot break off", ex);
		}
	}

	private static boolean truth(MessageField field, String text) {
		return switch (text) {
			case "true" -> true;
			case "false" -> false;
			default -> throw refused(field, text, "must be true or false");
		};
	}

	private static Object constant(MessageField field, String name) {
		Object constant = field.names().find(name);
		if (constant == null) {
			throw Refusal.at(Code.INVALID_FIELD, field.pointer(), field.names().refusal(name));
		}
		return constant;
	}

	private static Object constants(MessageField field, String text) {
		List<Object> constants = new ArrayList<>();
		if (!text.isBlank()) {
			for (String name : text.split(",", -1)) {
				constants.add(constant(field, name.strip()));
			}
		}
		return field.names().setOf(constants);
	}

	private static Refusal refused(MessageField field, String text, String rule) {
		return Refusal.at(Code.INVALID_FIELD, field.pointer(), rule + ", was " + Excerpt.quoted(text));
	}

}
