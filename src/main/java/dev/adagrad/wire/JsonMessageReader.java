package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.spool.Room;
import dev.adagrad.spool.SpooledBlocks;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Decimals;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.TensorNames;
import org.jspecify.annotations.Nullable;

/// Reads messages from JSON, strictly.
///
/// The body is one object, RFC 8259 JSON in UTF-8 without a byte order mark, at most 64 levels deep, whose members are
/// fields of the message, each at most once, with a value of the field's kind; `null` is no value of any. A number may
/// have at most 4096 characters and is rounded once; −0 stays −0.0; what is too small to tell from 0 is 0. An array of
/// numbers has at least one.
///
/// The first fault in reading order decides. A value that is refused for its kind or its name is read to its end before
/// that, so that what is malformed in it counts first. Bytes are parsed as they arrive: held are the numbers and one
/// window of at most 16 KiB; and of numbers that are staged at most one block, the others go to a file. What is held is taken
/// from a [Room] as it comes.
///
/// Immutable; safe for use by any number of threads.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259: JSON</a>
final class JsonMessageReader {

	/// The elements of a block: 1 MB as doubles.
	static final int BLOCK_SIZE = Blocks.MOST_BYTES / Double.BYTES;

	private final int blockSize;

	JsonMessageReader() {
		this(BLOCK_SIZE);
	}

	/// @param blockSize the most elements of a block, ≥ 1
	JsonMessageReader(int blockSize) {
		this.blockSize = blockSize;
	}

	/// Reads one message, to the end of the stream, which is not closed.
	/// @param contentLength how many bytes there will be, or −1 if that is not known; a
	/// hint only
	/// @param room for the numbers; files for staged numbers beyond one block stay open
	/// where the message has been read, and are closed where it was not
	/// @throws Refusal if there is no room for a number
	/// @throws java.io.UncheckedIOException if the spool fails, with [Refusal] among it
	/// @throws IOException if closing a file of the spool fails
	/// @throws Refusal if the body is not JSON as above, or no such message, or beyond
	/// the limits
	/// @throws IllegalArgumentException if no message can be read as `type`, see
	/// [MessageType#isReadable()]
	<T extends Record & Message> T read(MessageType<T> type, InputStream in, long contentLength, Limits limits,
			Room room) throws IOException {
		if (!type.isReadable()) {
			throw new IllegalArgumentException("a message of this type can only be written");
		}
		JsonCursor cursor = new JsonCursor(in, contentLength, limits.maxRequestBytes());
		try (Reading reading = new Reading(cursor, limits.maxElements(), room, this.blockSize)) {
			T message = type.create(reading.message(type));
			reading.keep();
			return message;
		}
	}

	/// Reads what a file of tensors says beside the tensors of a field's named messages:
	/// the JSON that would stand there, but for what is a tensor.
	/// @param field of kind [MessageType.Kind#NAMED]
	/// @return the fields of each message, in the order of its record's components; null
	/// where absent
	/// @throws Refusal if it is not that, or there is no room for it
	static Map<String, @Nullable Object[]> named(MessageType.Field field, String json, Limits limits, Room room) {
		return beside(field, json, limits, room, (reading) -> reading.named(field));
	}

	/// Reads an object that stands in the metadata of a file of tensors as its JSON.
	/// @param field of kind [MessageType.Kind#MESSAGE]
	/// @throws Refusal if it is not that, or there is no room for it
	static Object message(MessageType.Field field, String json, Limits limits, Room room) {
		return beside(field, json, limits, room, (reading) -> reading.value(field));
	}

	private static <A> A beside(MessageType.Field field, String json, Limits limits, Room room, Beside<A> read) {
		byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
		JsonCursor cursor = new JsonCursor(new ByteArrayInputStream(bytes), bytes.length, bytes.length) {
			@Override
			Refusal malformedAt(long offset, String detail) {
				return Refusal.at(Code.INVALID_FIELD, field.pointer(),
						"must be, in the metadata, the JSON that would stand there: " + detail);
			}
		};
		try (Reading reading = new Reading(cursor, limits.maxElements(), room, BLOCK_SIZE)) {
			reading.beside = true;
			A value = read.from(reading);
			reading.requireEnd();
			return value;
		}
		catch (IOException ex) {
			throw new IllegalStateException("memory cannot break off", ex);
		}
	}

	/// What is read from JSON that stands in a file of tensors.
	private interface Beside<A> {

		A from(Reading reading) throws IOException;

	}

	/// One body on its way.
	private static final class Reading implements Closeable {

		private static final String NUMBER = "must be a number";

		private static final String INTEGER = "must be an integer";

		private static final int FIRST_INDICES = 16;

		/// The most elements of a short array: a shape has no more dimensions.
		private static final int MOST = 8;

		private static final String NUMBER_OR_NUMBERS = "must be a number or an array of numbers";

		/// What an object of a named message takes, about, beside its numbers.
		private static final long NAMED_BYTES = 1024;

		private final JsonCursor cursor;

		private final int maxElements;

		private final Room room;

		private final int blockSize;

		private final SpooledBlocks<Numbers> staged;

		/// How many bytes of staged numbers are in memory.
		private long held;

		private boolean whole;

		private final JsonStrings strings;

		private final NumberScanner numbers;

		private final JsonSkipper skipper;

		/// The pointer of the object that is being read.
		private String place = "";

		/// How many objects it stands in.
		private int depth;

		/// Whether what is a tensor stands elsewhere.
		private boolean beside;

		Reading(JsonCursor cursor, int maxElements, Room room, int blockSize) {
			this.cursor = cursor;
			this.maxElements = maxElements;
			this.room = room;
			this.blockSize = blockSize;
			this.staged = new SpooledBlocks<>(room, blockSize);
			this.strings = new JsonStrings(cursor);
			this.numbers = new NumberScanner(cursor);
			this.skipper = new JsonSkipper(cursor, this.strings, this.numbers);
		}

		/// The message is whole: its file is for whoever has it.
		void keep() {
			this.whole = true;
		}

		@Override
		public void close() throws IOException {
			if (!this.whole) {
				this.staged.close();
			}
		}

		/// Reads the body: one message.
		@Nullable Object[] message(MessageType<?> type) throws IOException {
			int c = this.cursor.peekToken();
			if (c < 0) {
				throw this.cursor.malformed("the body is empty where a JSON object must stand");
			}
			if (c != '{') {
				throw refused("", "must be an object", 0);
			}
			@Nullable Object[] values = new @Nullable Object[type.fields().size()];
			members(() -> member(type, values));
			requireEnd();
			return values;
		}

		void requireEnd() throws IOException {
			if (this.cursor.peekToken() >= 0) {
				throw this.skipper.unexpected("nothing more after the object");
			}
		}

		/// Reads an object whose `{` is next.
		private void members(Member member) throws IOException {
			this.cursor.position++;
			if (this.cursor.peekToken() != '}') {
				member.read();
				int c;
				while ((c = this.cursor.peekToken()) == ',') {
					this.cursor.position++;
					member.read();
				}
				if (c != '}') {
					throw this.skipper.unexpected("',' or '}'");
				}
			}
			this.cursor.position++;
		}

		private void member(MessageType<?> type, @Nullable Object[] values) throws IOException {
			this.skipper.name();
			String name = this.strings.read();
			MessageType.Field field = this.strings.isCut() ? null : type.find(name);
			this.skipper.colon();
			if (field == null) {
				this.skipper.skip(1 + this.depth);
				throw Refusal.at(Code.INVALID_FIELD, this.place + Excerpt.pointer(name),
						FieldNames.unknown(name, type.fields()));
			}
			if (values[field.index()] != null) {
				this.skipper.skip(1 + this.depth);
				throw Refusal.at(Code.INVALID_FIELD, pointer(field), "is a duplicate field; it must stand only once");
			}
			if (this.beside && field.kind().isTensor()) {
				this.skipper.skip(1 + this.depth);
				throw Refusal.at(Code.INVALID_FIELD, pointer(field), "must be a tensor of the file, not JSON");
			}
			values[field.index()] = value(field);
		}

		private Map<String, Message> messages(MessageType.Field field) throws IOException {
			Map<String, Message> messages = new LinkedHashMap<>();
			named(field).forEach((name, values) -> messages.put(name, field.nested().create(values)));
			if (messages.isEmpty()) {
				throw Refusal.at(Code.INVALID_FIELD, pointer(field), "must name at least one tensor");
			}
			return messages;
		}

		/// The fields of each message.
		Map<String, @Nullable Object[]> named(MessageType.Field field) throws IOException {
			if (this.cursor.peekToken() != '{') {
				throw refused(pointer(field), "must be an object with a member for each tensor", 1);
			}
			Map<String, @Nullable Object[]> messages = new LinkedHashMap<>();
			members(() -> named(field, messages));
			return messages;
		}

		private void named(MessageType.Field field, Map<String, @Nullable Object[]> messages) throws IOException {
			this.skipper.name();
			String name = this.strings.read();
			boolean valid = !this.strings.isCut() && TensorNames.isValid(name);
			String pointer = pointer(field) + (valid ? TensorNames.pointer(name) : Excerpt.pointer(name));
			this.skipper.colon();
			if (!valid || messages.containsKey(name)) {
				this.skipper.skip(2 + this.depth);
				throw Refusal.at(Code.INVALID_FIELD, pointer, valid ? "is a duplicate name; it must stand only once"
						: "is no name of a tensor: must match " + TensorNames.GRAMMAR);
			}
			if (this.cursor.peekToken() != '{') {
				throw refused(pointer, "must be an object", 2);
			}
			this.room.take(NAMED_BYTES);
			messages.put(name, fields(field.nested(), pointer, 2));
		}

		private Object message(MessageType.Field field) throws IOException {
			if (this.cursor.peekToken() != '{') {
				throw refused(pointer(field), "must be an object", 1);
			}
			return field.nested().create(fields(field.nested(), pointer(field), 1));
		}

		/// Reads the fields of a message that stands in another.
		/// @param pointer where
		/// @param levels how much deeper that is
		private @Nullable Object[] fields(MessageType<?> type, String pointer, int levels) throws IOException {
			String outside = this.place;
			this.place = pointer;
			this.depth += levels;
			@Nullable Object[] values = new @Nullable Object[type.fields().size()];
			members(() -> member(type, values));
			this.depth -= levels;
			this.place = outside;
			return values;
		}

		private String pointer(MessageType.Field field) {
			return this.place.isEmpty() ? field.pointer() : this.place + field.pointer();
		}

		private Object value(MessageType.Field field) throws IOException {
			return switch (field.kind()) {
				case NUMBERS -> numbers(field);
				case STAGED_NUMBERS -> stagedNumbers(field);
				case DOUBLE -> doubleValue(field);
				case LONG -> longValue(pointer(field));
				case INTEGER -> integer(field);
				case INDICES -> indices(field);
				case SHAPE -> shape(field);
				case BOOLEAN -> booleanValue(field);
				case ENUM, DTYPE -> constant(field);
				case ENUM_SET -> constants(field);
				case STRING -> string(field);
				case DOUBLES -> doubles(field);
				case MESSAGE -> message(field);
				case NAMED -> messages(field);
				case TENSOR, TENSOR_BLOCKS, INSTANT, MESSAGES -> throw new IllegalStateException("not readable");
			};
		}

		private Numbers numbers(MessageType.Field field) throws IOException {
			Decimals.Builder builder = Decimals.builder(this.room);
			int c = this.cursor.peekToken();
			if (NumberScanner.begins(c)) {
				add(builder, finite(pointer(field)));
				return builder.buildScalar();
			}
			begin(field, NUMBER_OR_NUMBERS);
			if (elements(field, builder, 0, this.maxElements)) {
				throw tooLarge(field);
			}
			return builder.buildVector();
		}

		private Blocks<Numbers> stagedNumbers(MessageType.Field field) throws IOException {
			if (NumberScanner.begins(this.cursor.peekToken())) {
				return Blocks.of(numbers(field));
			}
			begin(field, NUMBER_OR_NUMBERS);
			int first = this.staged.count();
			int before = 0;
			boolean more = true;
			while (more) {
				Decimals.Builder builder = Decimals.builder(this.room);
				more = elements(field, builder, before, Math.min(this.blockSize, this.maxElements - before));
				before += builder.size();
				if (more && before == this.maxElements) {
					throw tooLarge(field);
				}
				Decimals block = builder.buildVector();
				this.staged.add(block);
				this.held += block.bytes();
				if (this.staged.isSpooled()) {
					this.room.giveBack(this.held);
					this.held = 0;
				}
			}
			return this.staged.since(first, Shape.vector(before));
		}

		/// Reads elements of an array, from the one at the cursor on, until it ends or so
		/// many have been added as may be; true if there is one more.
		/// @param before how many elements went before
		private boolean elements(MessageType.Field field, Decimals.Builder builder, int before, int limit)
				throws IOException {
			// all the time goes here: no string is made before it is needed
			do {
				if (!NumberScanner.begins(this.cursor.peekToken())) {
					throw refused(element(field, before + builder.size()), NUMBER, 2);
				}
				if (builder.size() == limit) {
					return true;
				}
				if (!this.numbers.scan()) {
					throw tooLong(element(field, before + builder.size()));
				}
				double value = this.numbers.toDouble();
				if (Double.isInfinite(value)) {
					throw beyondF64(element(field, before + builder.size()));
				}
				add(builder, value);
			}
			while (hasNext());
			return false;
		}

		/// Reads the beginning of an array that has an element.
		private void begin(MessageType.Field field, String rule) throws IOException {
			if (this.cursor.peekToken() != '[') {
				throw refused(pointer(field), rule, 1);
			}
			this.cursor.position++;
			if (this.cursor.peekToken() == ']') {
				this.cursor.position++;
				throw Refusal.at(Code.INVALID_FIELD, pointer(field), "must not be an empty array");
			}
		}

		private void add(Decimals.Builder builder, double value) {
			if (Decimals.Builder.isBetweenFloats(value)) {
				builder.add(value, this.numbers.toFloat());
			}
			else {
				builder.add(value);
			}
		}

		/// Reads what stands between two elements of an array; false at its end.
		private boolean hasNext() throws IOException {
			int c = this.cursor.peekToken();
			if (c != ',' && c != ']') {
				throw this.skipper.unexpected("',' or ']'");
			}
			this.cursor.position++;
			return c == ',';
		}

		private Double doubleValue(MessageType.Field field) throws IOException {
			if (!NumberScanner.begins(this.cursor.peekToken())) {
				throw refused(pointer(field), NUMBER, 1);
			}
			return finite(pointer(field));
		}

		private double finite(String pointer) throws IOException {
			if (!this.numbers.scan()) {
				throw tooLong(pointer);
			}
			double value = this.numbers.toDouble();
			if (Double.isInfinite(value)) {
				throw beyondF64(pointer);
			}
			return value;
		}

		private Long longValue(String pointer) throws IOException {
			scanInteger(pointer);
			try {
				return this.numbers.toLong();
			}
			catch (ArithmeticException ex) {
				throw broken(pointer, "must be an integer of 64 bits");
			}
		}

		private Integer integer(MessageType.Field field) throws IOException {
			scanInteger(pointer(field));
			try {
				return Math.toIntExact(this.numbers.toLong());
			}
			catch (ArithmeticException ex) {
				throw broken(pointer(field), "must be an integer of 32 bits");
			}
		}

		private List<Long> shape(MessageType.Field field) throws IOException {
			return few(field, "must be an array of integers", INTEGER, "dimensions", (element) -> {
				long dimension = longValue(element);
				if (dimension < 1) {
					throw broken(element, "must be ≥ 1");
				}
				return dimension;
			});
		}

		private List<Double> doubles(MessageType.Field field) throws IOException {
			return few(field, "must be an array of numbers", NUMBER, "elements", this::finite);
		}

		/// Reads an array of at most so many numbers as a shape has dimensions.
		/// @param rule for the whole
		/// @param elementRule for each
		/// @param unit what they are
		private <A> List<A> few(MessageType.Field field, String rule, String elementRule, String unit, Element<A> read)
				throws IOException {
			if (this.cursor.peekToken() != '[') {
				throw refused(pointer(field), rule, 1);
			}
			this.cursor.position++;
			List<A> few = new ArrayList<>();
			if (this.cursor.peekToken() == ']') {
				this.cursor.position++;
				return List.of();
			}
			do {
				String element = element(field, few.size());
				if (!NumberScanner.begins(this.cursor.peekToken())) {
					throw refused(element, elementRule, 2);
				}
				if (few.size() == MOST) {
					throw Refusal.at(Code.INVALID_FIELD, pointer(field), "must have at most " + MOST + " " + unit);
				}
				few.add(read.at(element));
			}
			while (hasNext());
			return List.copyOf(few);
		}

		private Indices indices(MessageType.Field field) throws IOException {
			begin(field, "must be an array of integers");
			this.room.take((long) FIRST_INDICES * Long.BYTES);
			long[] values = new long[FIRST_INDICES];
			int size = 0;
			do {
				if (!NumberScanner.begins(this.cursor.peekToken())) {
					throw refused(element(field, size), INTEGER, 2);
				}
				if (size == this.maxElements) {
					throw tooLarge(field);
				}
				if (!this.numbers.scan()) {
					throw tooLong(element(field, size));
				}
				if (size == values.length) {
					int length = size + (size >> 1);
					this.room.take((long) length * Long.BYTES);
					values = Arrays.copyOf(values, length);
					this.room.giveBack((long) size * Long.BYTES);
				}
				values[size] = index(field, size);
				size++;
			}
			while (hasNext());
			return Indices.of(Arrays.copyOf(values, size));
		}

		private long index(MessageType.Field field, int place) {
			try {
				long index = this.numbers.toLong();
				if (index >= 0) {
					return index;
				}
			}
			catch (ArithmeticException ex) {
				if (!this.numbers.isInteger()) {
					throw broken(element(field, place), INTEGER);
				}
			}
			throw Refusal.at(Code.INDEX_OUT_OF_RANGE, element(field, place), "must be an index from 0 to "
					+ Long.MAX_VALUE + ", was " + Excerpt.cut(this.numbers.text(), Excerpt.VALUE));
		}

		private void scanInteger(String pointer) throws IOException {
			if (!NumberScanner.begins(this.cursor.peekToken())) {
				throw refused(pointer, INTEGER, 1);
			}
			if (!this.numbers.scan()) {
				throw tooLong(pointer);
			}
		}

		private Boolean booleanValue(MessageType.Field field) throws IOException {
			int c = this.cursor.peekToken();
			if (c != 't' && c != 'f') {
				throw refused(pointer(field), "must be true or false", 1);
			}
			return this.skipper.literal() == 't';
		}

		private Object constant(MessageType.Field field) throws IOException {
			if (this.cursor.peekToken() != '"') {
				throw refused(pointer(field), oneOf(field), 1);
			}
			String name = this.strings.read();
			Object constant = field.names().find(name);
			if (constant == null) {
				throw Refusal.at(Code.INVALID_FIELD, pointer(field), oneOf(field) + ", was " + Excerpt.quoted(name));
			}
			return constant;
		}

		private Set<?> constants(MessageType.Field field) throws IOException {
			if (this.cursor.peekToken() != '[') {
				throw refused(pointer(field), "must be an array of strings", 1);
			}
			this.cursor.position++;
			Set<String> names = new LinkedHashSet<>();
			if (this.cursor.peekToken() == ']') {
				this.cursor.position++;
				return field.names().setOf(names);
			}
			int index = 0;
			do {
				if (this.cursor.peekToken() != '"') {
					throw refused(element(field, index), oneOf(field), 2);
				}
				if (index == this.maxElements) {
					throw tooLarge(field);
				}
				String name = this.strings.read();
				if (field.names().find(name) == null) {
					throw Refusal.at(Code.INVALID_FIELD, element(field, index),
							oneOf(field) + ", was " + Excerpt.quoted(name));
				}
				names.add(name);
				index++;
			}
			while (hasNext());
			return field.names().setOf(names);
		}

		private String string(MessageType.Field field) throws IOException {
			if (this.cursor.peekToken() != '"') {
				throw refused(pointer(field), "must be a string", 1);
			}
			String value = this.strings.read();
			if (this.strings.isCut()) {
				throw Refusal.at(Code.INVALID_FIELD, pointer(field),
						"must have at most " + JsonStrings.MAX_LENGTH + " characters");
			}
			return value;
		}

		private Refusal refused(String pointer, String rule, int enclosing) throws IOException {
			String kind = JsonSkipper.kindOf(this.cursor.peekToken());
			this.skipper.skip(enclosing + this.depth);
			return Refusal.at(Code.INVALID_FIELD, pointer, rule + ", was " + kind);
		}

		private Refusal beyondF64(String pointer) {
			return broken(pointer, "must be within the range of F64");
		}

		private Refusal broken(String pointer, String rule) {
			return Refusal.at(Code.INVALID_FIELD, pointer,
					rule + ", was " + Excerpt.cut(this.numbers.text(), Excerpt.VALUE));
		}

		private Refusal tooLarge(MessageType.Field field) {
			return Refusal.tooLarge(pointer(field).substring(1), this.maxElements, "elements");
		}

		private static Refusal tooLong(String pointer) {
			return Refusal.at(Code.INVALID_FIELD, pointer,
					"must be a number of at most " + NumberScanner.MAX_LENGTH + " characters");
		}

		private static String oneOf(MessageType.Field field) {
			return "must be one of " + field.names().allowed();
		}

		private String element(MessageType.Field field, int index) {
			return pointer(field) + '/' + index;
		}

		/// Reads one element of an array.
		private interface Element<A> {

			A at(String pointer) throws IOException;

		}

		/// Reads one member of an object, from its name on.
		private interface Member {

			void read() throws IOException;

		}

	}

}
