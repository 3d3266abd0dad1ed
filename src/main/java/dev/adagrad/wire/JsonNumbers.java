package dev.adagrad.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.adagrad.refusal.Excerpt;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.spool.Room;
import dev.adagrad.spool.SpooledBlocks;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Decimals;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Shape;

/// Reads the numbers of a JSON document, each with its pointer (relative to the place of the grammar): single numbers, and
/// arrays of them as tensors, indices and shapes.
///
/// Not thread-safe.
final class JsonNumbers {

	private static final String NUMBER = "must be a number";

	private static final String FLAT = NUMBER + " (arrays are flat here: send row after row, or a safetensors file)";

	private static final String NAMED = " (named tensors stand under tensors, each with its own fields)";

	private static final String INTEGER = "must be an integer";

	private static final int FIRST_INDICES = 16;

	/// The largest length of a short array: a shape has at most eight dimensions.
	private static final int MOST = 8;

	private static final String NUMBER_OR_NUMBERS = "must be a number or an array of numbers";

	private final JsonCursor cursor;

	private final JsonGrammar grammar;

	private final NumberScanner scanner;

	private final int maxElements;

	private final Room room;

	private final int blockSize;

	/// All staged arrays of the document, one after the other.
	private final SpooledBlocks<Numbers> staged;

	/// @param maxElements the largest number of elements of an array
	/// @param room the room for the numbers
	/// @param blockSize the largest number of elements of a block, ≥ 1
	JsonNumbers(JsonCursor cursor, JsonGrammar grammar, NumberScanner scanner, int maxElements, Room room,
			int blockSize) {
		this.cursor = cursor;
		this.grammar = grammar;
		this.scanner = scanner;
		this.maxElements = maxElements;
		this.room = room;
		this.blockSize = blockSize;
		this.staged = new SpooledBlocks<>(room, blockSize);
	}

	/// A number, or an array of them.
	Numbers numbers(String pointer) throws IOException {
		Decimals.Builder builder = Decimals.builder(this.room);
		if (NumberScanner.begins(this.cursor.peekToken())) {
			add(builder, number(pointer));
			return builder.buildScalar();
		}
		beginNumbers(pointer);
		if (elements(pointer, builder, 0, this.maxElements)) {
			throw this.grammar.tooLarge(pointer, this.maxElements);
		}
		return builder.buildVector();
	}

	/// A number, or an array of them, block by block.
	Blocks<Numbers> staged(String pointer) throws IOException {
		if (NumberScanner.begins(this.cursor.peekToken())) {
			return Blocks.of(numbers(pointer));
		}
		beginNumbers(pointer);
		int first = this.staged.count();
		int before = 0;
		boolean more = true;
		while (more) {
			Decimals.Builder builder = Decimals.builder(this.room);
			more = elements(pointer, builder, before, Math.min(this.blockSize, this.maxElements - before));
			before += builder.size();
			if (more && before == this.maxElements) {
				throw this.grammar.tooLarge(pointer, this.maxElements);
			}
			Decimals block = builder.buildVector();
			this.staged.add(block, block.bytes(), this.room);
		}
		return this.staged.since(first, Shape.vector(before));
	}

	/// Reads elements of an array, beginning with the one at the cursor, until the array
	/// ends or the limit is reached. True if there is one more.
	/// @param before the number of elements before these
	private boolean elements(String pointer, Decimals.Builder builder, int before, int limit) throws IOException {
		// this loop takes all the time, so it makes no string before it needs one
		do {
			if (!NumberScanner.begins(this.cursor.peekToken())) {
				throw notANumber(element(pointer, before + builder.size()));
			}
			if (builder.size() == limit) {
				return true;
			}
			if (!this.scanner.scan()) {
				throw tooLong(element(pointer, before + builder.size()));
			}
			double value = this.scanner.toDouble();
			if (Double.isInfinite(value)) {
				throw beyondF64(element(pointer, before + builder.size()));
			}
			add(builder, value);
		}
		while (this.grammar.hasNext(']'));
		return false;
	}

	private Refusal notANumber(String pointer) throws IOException {
		return this.grammar.refused(pointer, (this.cursor.peek() == '[') ? FLAT : NUMBER);
	}

	private void beginNumbers(String pointer) throws IOException {
		boolean tree = this.cursor.peekToken() == '{' && this.grammar.place.isEmpty();
		begin(pointer, tree ? NUMBER_OR_NUMBERS + NAMED : NUMBER_OR_NUMBERS, "must not be an empty array");
	}

	/// Reads the beginning of an array with at least one element.
	/// @param rule the rule for a value that is not an array
	/// @param empty the rule for an empty array
	private void begin(String pointer, String rule, String empty) throws IOException {
		if (this.cursor.peekToken() != '[') {
			throw this.grammar.refused(pointer, rule);
		}
		if (!this.grammar.enter(']')) {
			throw this.grammar.invalid(pointer, empty);
		}
	}

	private void add(Decimals.Builder builder, double value) {
		if (Decimals.Builder.isBetweenFloats(value)) {
			builder.add(value, this.scanner.toFloat());
		}
		else {
			builder.add(value);
		}
	}

	/// A number within F64.
	double number(String pointer) throws IOException {
		scan(pointer, NUMBER);
		double value = this.scanner.toDouble();
		if (Double.isInfinite(value)) {
			throw beyondF64(pointer);
		}
		return value;
	}

	private void scan(String pointer, String rule) throws IOException {
		if (!NumberScanner.begins(this.cursor.peekToken())) {
			throw this.grammar.refused(pointer, rule);
		}
		if (!this.scanner.scan()) {
			throw tooLong(pointer);
		}
	}

	long longInteger(String pointer) throws IOException {
		scan(pointer, INTEGER);
		try {
			return this.scanner.toLong();
		}
		catch (ArithmeticException ex) {
			throw broken(pointer, "must be an integer of 64 bits");
		}
	}

	int integer(String pointer) throws IOException {
		scan(pointer, INTEGER);
		try {
			return Math.toIntExact(this.scanner.toLong());
		}
		catch (ArithmeticException ex) {
			throw broken(pointer, "must be an integer of 32 bits");
		}
	}

	List<Long> shape(String pointer) throws IOException {
		return few(pointer, "must be an array of integers", "dimensions", (element) -> {
			long dimension = longInteger(element);
			if (dimension < 1) {
				throw broken(element, "must be ≥ 1");
			}
			return dimension;
		});
	}

	List<Double> doubles(String pointer) throws IOException {
		return few(pointer, "must be an array of numbers", "elements", this::number);
	}

	/// An array of at most eight numbers, perhaps none.
	/// @param rule the rule for the whole array
	/// @param unit what the elements are
	private <A> List<A> few(String pointer, String rule, String unit, Element<A> read) throws IOException {
		if (this.cursor.peekToken() != '[') {
			throw this.grammar.refused(pointer, rule);
		}
		List<A> few = new ArrayList<>();
		boolean more = this.grammar.enter(']');
		while (more) {
			if (few.size() == MOST && NumberScanner.begins(this.cursor.peekToken())) {
				throw this.grammar.invalid(pointer, "must have at most " + MOST + " " + unit);
			}
			few.add(read.at(element(pointer, few.size())));
			more = this.grammar.hasNext(']');
		}
		return List.copyOf(few);
	}

	Indices indices(String pointer) throws IOException {
		begin(pointer, "must be an array of integers",
				"must not be an empty array: leave it out if the step is about all elements");
		this.room.take((long) FIRST_INDICES * Long.BYTES);
		long[] values = new long[FIRST_INDICES];
		int size = 0;
		do {
			if (!NumberScanner.begins(this.cursor.peekToken())) {
				throw this.grammar.refused(element(pointer, size), INTEGER);
			}
			if (size == this.maxElements) {
				throw this.grammar.tooLarge(pointer, this.maxElements);
			}
			if (!this.scanner.scan()) {
				throw tooLong(element(pointer, size));
			}
			if (size == values.length) {
				int length = size + (size >> 1);
				this.room.take((long) length * Long.BYTES);
				values = Arrays.copyOf(values, length);
				this.room.giveBack((long) size * Long.BYTES);
			}
			values[size] = index(pointer, size);
			size++;
		}
		while (this.grammar.hasNext(']'));
		return Indices.of(Arrays.copyOf(values, size));
	}

	private long index(String pointer, int place) {
		try {
			long index = this.scanner.toLong();
			if (index >= 0) {
				return index;
			}
		}
		catch (ArithmeticException ex) {
			if (!this.scanner.isInteger()) {
				throw broken(element(pointer, place), INTEGER);
			}
		}
		throw Refusal.at(Code.INDEX_OUT_OF_RANGE, this.grammar.place + element(pointer, place),
				"must be an index from 0 to " + Long.MAX_VALUE + ", was " + shown());
	}

	private static String element(String pointer, int index) {
		return pointer + '/' + index;
	}

	private Refusal beyondF64(String pointer) {
		return broken(pointer, "must be within the range of F64");
	}

	/// The refusal of the number read last.
	private Refusal broken(String pointer, String rule) {
		return this.grammar.invalid(pointer, rule + ", was " + shown());
	}

	private String shown() {
		return Excerpt.cut(this.scanner.text(), Excerpt.VALUE);
	}

	private Refusal tooLong(String pointer) {
		return this.grammar.invalid(pointer, "must be a number of at most " + NumberScanner.MAX_LENGTH + " characters");
	}

	/// Reads one element of an array.
	private interface Element<A> {

		A at(String pointer) throws IOException;

	}

}
