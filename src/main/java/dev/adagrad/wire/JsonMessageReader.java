package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import dev.adagrad.refusal.Excerpt;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.spool.Room;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.TensorNames;
import org.jspecify.annotations.Nullable;

/// Reads messages from JSON, strictly.
///
/// The body is one object: RFC 8259 JSON in UTF-8, without a byte order mark, at most 64 levels deep. Its members are
/// fields of the message, each at most once, with a value of the field's kind; no kind allows `null`. A number may
/// have at most 4096 characters and is rounded once; −0 stays −0.0; a number too small to tell from 0 is 0. An array
/// of numbers has at least one.
///
/// The first fault in reading order decides. A value with a wrong kind or name is read to its end before it is refused, so
/// that malformed JSON inside it counts first. Bytes are parsed as they arrive. The reader holds the numbers and one window
/// of at most 16 KiB. Of staged numbers it holds at most one block; the others go to a file. It takes the memory from a
/// [Room] as the numbers come.
///
/// Immutable; safe for use by any number of threads.
///
/// @param blockSize the largest number of elements of a block, ≥ 1
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259: JSON</a>
record JsonMessageReader(int blockSize) {

	/// The number of elements of a block: 1 MB as doubles.
	static final int BLOCK_SIZE = Blocks.MOST_BYTES / Double.BYTES;

	JsonMessageReader() {
		this(BLOCK_SIZE);
	}

	/// Reads one message, as [MessageConverter#read]; the length is only a hint.
	<T extends Record & Message> T read(MessageType<T> type, InputStream in, long contentLength, Limits limits,
			Room room) throws IOException {
		if (!type.isReadable()) {
			throw new IllegalArgumentException("a message of this type can only be written");
		}
		JsonCursor cursor = new JsonCursor(in, contentLength, limits.maxRequestBytes());
		return type.create(new Reading(cursor, limits.maxElements(), room, this.blockSize, false).message(type));
	}

	/// Reads what a file of tensors has about a field's named messages besides their
	/// tensors: the JSON that would stand there, without the tensors.
	/// @param field of kind [FieldKind#NAMED]
	/// @return the fields of each message, in the order of its record's components; null
	/// where absent
	/// @throws Refusal if it is not that, or there is no room for it
	static Map<String, @Nullable Object[]> named(MessageField field, String json, Limits limits, Room room) {
		return beside(field, json, limits, room, (reading) -> reading.named(field));
	}

	/// Reads an object that stands in the metadata of a file of tensors as its JSON.
	/// @param field of kind [FieldKind#MESSAGE]
	/// @throws Refusal if it is not that, or there is no room for it
	static Object message(MessageField field, String json, Limits limits, Room room) {
		return beside(field, json, limits, room, (reading) -> reading.value(field, field.pointer()));
	}

	private static <A> A beside(MessageField field, String json, Limits limits, Room room, Beside<A> read) {
		byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
		JsonCursor cursor = new JsonCursor(new ByteArrayInputStream(bytes), bytes.length, bytes.length) {
			@Override
			Refusal malformedAt(long offset, String detail) {
				return Refusal.at(Code.INVALID_FIELD, field.pointer(),
						"must be, in the metadata, the JSON that would stand there: " + detail);
			}
		};
		try {
			Reading reading = new Reading(cursor, limits.maxElements(), room, BLOCK_SIZE, true);
			A value = read.from(reading);
			reading.grammar.end();
			return value;
		}
		catch (IOException ex) {
			throw new IllegalStateException("memory cannot break off", ex);
		}
	}

	/// Reads a value from JSON inside a file of tensors.
	private interface Beside<A> {

		A from(Reading reading) throws IOException;

	}

	/// One body that is being read.
	private static final class Reading {

		/// About how many bytes the object of a named message takes besides its numbers.
		private static final long NAMED_BYTES = 1024;

		private final JsonCursor cursor;

		private final int maxElements;

		private final Room room;

		private final boolean beside;

		private final JsonStrings strings;

		private final JsonGrammar grammar;

		private final JsonNumbers numbers;

		/// @param beside whether the tensors stand elsewhere
		Reading(JsonCursor cursor, int maxElements, Room room, int blockSize, boolean beside) {
			this.cursor = cursor;
			this.maxElements = maxElements;
			this.room = room;
			this.beside = beside;
			this.strings = new JsonStrings(cursor, JsonStrings.MAX_LENGTH);
			NumberScanner scanner = new NumberScanner(cursor);
			this.grammar = new JsonGrammar(cursor, this.strings, scanner);
			this.numbers = new JsonNumbers(cursor, this.grammar, scanner, maxElements, room, blockSize);
		}

		/// Reads the body: one message.
		@Nullable Object[] message(MessageType<?> type) throws IOException {
			int c = this.cursor.peekToken();
			if (c < 0) {
				throw this.cursor.malformed("the body is empty where a JSON object must stand");
			}
			if (c != '{') {
				throw this.grammar.refused("", "must be an object");
			}
			@Nullable Object[] values = object(type);
			this.grammar.end();
			return values;
		}

		/// Reads an object whose `{` is next.
		private @Nullable Object[] object(MessageType<?> type) throws IOException {
			@Nullable Object[] values = new @Nullable Object[type.fields().size()];
			this.grammar.object((name) -> member(type, name, values));
			return values;
		}

		private void member(MessageType<?> type, String name, @Nullable Object[] values) throws IOException {
			MessageField field = this.strings.isCut() ? null : type.find(name);
			if (field == null) {
				throw skipped(Excerpt.pointer(name), type.unknown(name));
			}
			if (values[field.index()] != null) {
				throw skipped(field.pointer(), "is a duplicate field; it must stand only once");
			}
			if (this.beside && field.kind().isTensor()) {
				throw skipped(field.pointer(), "must be a tensor of the file, not JSON");
			}
			values[field.index()] = value(field, field.pointer());
		}

		private Map<String, Message> messages(MessageField field) throws IOException {
			Map<String, Message> messages = new LinkedHashMap<>();
			named(field).forEach((name, values) -> messages.put(name, field.nested().create(values)));
			if (messages.isEmpty()) {
				throw this.grammar.invalid(field.pointer(), "must name at least one tensor");
			}
			return messages;
		}

		/// The fields of each message.
		Map<String, @Nullable Object[]> named(MessageField field) throws IOException {
			if (this.cursor.peekToken() != '{') {
				throw this.grammar.refused(field.pointer(), "must be an object with a member for each tensor");
			}
			Map<String, @Nullable Object[]> messages = new LinkedHashMap<>();
			this.grammar.object((name) -> named(field, name, messages));
			return messages;
		}

		private void named(MessageField field, String name, Map<String, @Nullable Object[]> messages)
				throws IOException {
			boolean valid = !this.strings.isCut() && TensorNames.isValid(name);
			String pointer = field.pointer() + (valid ? TensorNames.pointer(name) : Excerpt.pointer(name));
			if (!valid) {
				throw skipped(pointer, "is no name of a tensor: must match " + TensorNames.GRAMMAR);
			}
			if (messages.containsKey(name)) {
				throw skipped(pointer, "is a duplicate name; it must stand only once");
			}
			if (this.cursor.peekToken() != '{') {
				throw this.grammar.refused(pointer, "must be an object");
			}
			this.room.take(NAMED_BYTES);
			messages.put(name, object(field.nested(), pointer));
		}

		private Object message(MessageField field) throws IOException {
			if (this.cursor.peekToken() != '{') {
				throw this.grammar.refused(field.pointer(), "must be an object");
			}
			return field.nested().create(object(field.nested(), field.pointer()));
		}

		/// Reads an object inside another.
		/// @param pointer the pointer to it, relative to the place
		private @Nullable Object[] object(MessageType<?> type, String pointer) throws IOException {
			String outside = this.grammar.place;
			this.grammar.place = outside + pointer;
			@Nullable Object[] values = object(type);
			this.grammar.place = outside;
			return values;
		}

		/// The refusal of a member because of its name; its value is skipped first.
		private Refusal skipped(String pointer, String rule) throws IOException {
			this.grammar.skip();
			return this.grammar.invalid(pointer, rule);
		}

		private Object value(MessageField field, String pointer) throws IOException {
			return switch (field.kind()) {
				case NUMBERS -> this.numbers.numbers(pointer);
				case STAGED_NUMBERS -> this.numbers.staged(pointer);
				case DOUBLE -> this.numbers.number(pointer);
				case LONG -> this.numbers.longInteger(pointer);
				case INTEGER -> this.numbers.integer(pointer);
				case INDICES -> this.numbers.indices(pointer);
				case SHAPE -> this.numbers.shape(pointer);
				case BOOLEAN -> booleanValue(pointer);
				case ENUM, DTYPE -> constant(field.names(), string(pointer, field.names().oneOf()), pointer);
				case ENUM_SET -> constants(field.names(), pointer);
				case STRING -> text(pointer);
				case DOUBLES -> this.numbers.doubles(pointer);
				case MESSAGE -> message(field);
				case NAMED -> messages(field);
				case TENSOR, TENSOR_BLOCKS, INSTANT, MESSAGES -> throw new IllegalStateException("not readable");
			};
		}

		private boolean booleanValue(String pointer) throws IOException {
			int c = this.cursor.peekToken();
			if (c != 't' && c != 'f') {
				throw this.grammar.refused(pointer, "must be true or false");
			}
			return this.grammar.literal() == 't';
		}

		private Object constant(WireNames<?> names, String name, String pointer) {
			Object constant = names.find(name);
			if (constant == null) {
				throw this.grammar.invalid(pointer, names.refusal(name));
			}
			return constant;
		}

		private Set<?> constants(WireNames<?> names, String pointer) throws IOException {
			if (this.cursor.peekToken() != '[') {
				throw this.grammar.refused(pointer, "must be an array of strings");
			}
			Set<Object> given = new HashSet<>();
			boolean more = this.grammar.enter(']');
			for (int index = 0; more; index++) {
				if (index == this.maxElements) {
					throw this.grammar.tooLarge(pointer, this.maxElements);
				}
				String element = pointer + '/' + index;
				given.add(constant(names, string(element, names.oneOf()), element));
				more = this.grammar.hasNext(']');
			}
			return names.setOf(given);
		}

		private String text(String pointer) throws IOException {
			String value = string(pointer, "must be a string");
			if (this.strings.isCut()) {
				throw this.grammar.invalid(pointer, "must have at most " + JsonStrings.MAX_LENGTH + " characters");
			}
			return value;
		}

		private String string(String pointer, String rule) throws IOException {
			if (this.cursor.peekToken() != '"') {
				throw this.grammar.refused(pointer, rule);
			}
			return this.strings.read();
		}

	}

}
