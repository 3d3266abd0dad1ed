package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.adagrad.refusal.Excerpt;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Shape;
import org.jspecify.annotations.Nullable;

/// The header of a safetensors file, read strictly: no name occurs twice, no key is unknown to the format, and every
/// dtype is known here. The tensors fill the data from its first byte to its last, without a hole or an overlap, and
/// each has as many bytes as its shape and dtype require. They may come in any order and at any alignment.
///
/// The names of the tensors are not checked here.
///
/// Immutable.
///
/// @param metadata the content of `__metadata__`, in its order
/// @param tensors in the order of their data
/// @param dataStart the number of bytes of the file before the data
/// @see Safetensors
record SafetensorsHeader(Map<String, String> metadata, List<Entry> tensors, long dataStart) {

	/// The largest number of bytes of a header. The header of one tensor has a few
	/// hundred bytes; that of a model has some hundred bytes per tensor.
	static final int MAX_BYTES = 1 << 20;

	/// Reads a header.
	/// @param bytes all of it
	/// @throws Refusal if it is not such a header, if a dtype is unknown here, if a name
	/// occurs twice, or if a tensor has more elements
	static SafetensorsHeader parse(byte[] bytes, int maxElements) {
		Parser parser = new Parser(bytes, maxElements);
		try {
			parser.header();
		}
		catch (IOException ex) {
			throw new IllegalStateException("memory cannot break off", ex);
		}
		List<Entry> tensors = parser.tensors.values().stream().sorted(Comparator.comparingLong(Entry::begin)).toList();
		long dataStart = bytes.length + (long) Safetensors.LENGTH_BYTES;
		requireContiguous(tensors, dataStart);
		return new SafetensorsHeader(Collections.unmodifiableMap(parser.metadata), tensors, dataStart);
	}

	private static void requireContiguous(List<Entry> tensors, long dataStart) {
		String before = "the data";
		long end = 0;
		for (Entry tensor : tensors) {
			if (tensor.begin() != end) {
				throw Refusal.malformedFile(dataStart + Math.min(tensor.begin(), end),
						"the tensors must follow each other without a hole or an overlap: " + tensor.shownName()
								+ " begins at " + tensor.begin() + " of the data, expected " + end
								+ (tensors.getFirst().equals(tensor) ? "" : ", where " + before + " ends"));
			}
			before = tensor.shownName();
			end = tensor.end();
		}
	}

	/// Requires the tensors to be exactly as long as the data.
	/// @throws Refusal if they are not
	void requireData(long bytes) {
		if (bytes != dataBytes()) {
			throw Refusal.malformedFile(this.dataStart + Math.min(bytes, dataBytes()),
					"the tensors have " + dataBytes() + " bytes, but " + bytes + " bytes of data follow the header");
		}
	}

	/// The number of bytes of all tensors together.
	long dataBytes() {
		return this.tensors.isEmpty() ? 0 : this.tensors.getLast().end();
	}

	/// The elements of one tensor: their number, dtype and place.
	///
	/// @param name its name, not yet checked
	/// @param dtype the dtype of the elements; null for I64
	/// @param shape its shape, of at least one element
	/// @param begin its first byte, from the beginning of the data
	/// @param end one past its last byte
	record Entry(String name, @Nullable DType dtype, Shape shape, long begin, long end) {

		String shownName() {
			return Excerpt.cut(this.name, Excerpt.NAME);
		}

		/// The dtype's name.
		String dtypeName() {
			return (this.dtype != null) ? this.dtype.name() : Safetensors.I64;
		}

	}

	/// One header that is being read.
	private static final class Parser {

		private static final int MAX_RANK = 64;

		private final int maxElements;

		private final Map<String, String> metadata = new LinkedHashMap<>();

		private final Map<String, Entry> tensors = new LinkedHashMap<>();

		private final JsonCursor cursor;

		private final JsonStrings strings;

		private final JsonGrammar grammar;

		Parser(byte[] bytes, int maxElements) {
			this.maxElements = maxElements;
			this.cursor = new JsonCursor(new ByteArrayInputStream(bytes), bytes.length, bytes.length) {
				@Override
				Refusal malformedAt(long offset, String detail) {
					return Refusal.malformedFile(Safetensors.LENGTH_BYTES + offset(), detail);
				}
			};
			// a string may be as long as the header: the settings of all tensors are
			// one string
			this.strings = new JsonStrings(this.cursor, bytes.length);
			this.grammar = new JsonGrammar(this.cursor, this.strings, new NumberScanner(this.cursor));
		}

		void header() throws IOException {
			if (this.cursor.peek() != '{') {
				throw malformed("the header must be a JSON object, and begin with '{'");
			}
			Set<String> names = new HashSet<>();
			object((name) -> {
				requireOnce(names, name);
				if (name.equals(Safetensors.METADATA)) {
					metadata();
				}
				else {
					this.tensors.put(name, tensor(name));
				}
			});
			this.grammar.end();
		}

		private static void requireOnce(Set<String> names, String name) {
			if (!names.add(name)) {
				throw Refusal.at(Code.INVALID_FIELD, Excerpt.pointer(name),
						"is a duplicate name in the header; it must stand only once");
			}
		}

		private void metadata() throws IOException {
			Set<String> keys = new HashSet<>();
			object((name) -> {
				if (this.cursor.peekToken() != '"') {
					throw malformed(Safetensors.METADATA + " must hold strings alone; " + Excerpt.quoted(name) + " is "
							+ kind());
				}
				requireOnce(keys, name);
				int most = name.equals(Safetensors.TENSORS) ? MAX_BYTES : JsonStrings.MAX_LENGTH;
				this.metadata.put(name, string("the value of " + Excerpt.quoted(name), most));
			});
		}

		private Entry tensor(String name) throws IOException {
			String[] dtype = { "" };
			List<List<Long>> shape = new ArrayList<>();
			List<List<Long>> offsets = new ArrayList<>();
			Set<String> keys = new LinkedHashSet<>();
			object((key) -> {
				if (!keys.add(key)) {
					throw malformed("the tensor " + Excerpt.quoted(name) + " has " + Excerpt.quoted(key) + " twice");
				}
				switch (key) {
					case Safetensors.DTYPE -> dtype[0] = string("dtype", JsonStrings.MAX_LENGTH);
					case Safetensors.SHAPE -> shape.add(integers("shape", MAX_RANK));
					case Safetensors.DATA_OFFSETS -> offsets.add(integers("data_offsets", 2));
					default -> throw malformed("the tensor " + Excerpt.quoted(name) + " has " + Excerpt.quoted(key)
							+ "; it must have dtype, shape and data_offsets alone");
				}
			});
			if (keys.size() < 3) {
				throw malformed("the tensor " + Excerpt.quoted(name) + " must have dtype, shape and data_offsets, has "
						+ (keys.isEmpty() ? "nothing" : String.join(", ", keys)));
			}
			if (offsets.getFirst().size() != 2) {
				throw malformed("the tensor " + Excerpt.quoted(name) + " must have two data_offsets, has "
						+ offsets.getFirst());
			}
			return entry(name, dtype[0], shape.getFirst(), offsets.getFirst().get(0), offsets.getFirst().get(1));
		}

		private Entry entry(String name, String dtype, List<Long> dimensions, long begin, long end) {
			DType floating = switch (dtype) {
				case "F64" -> DType.F64;
				case "F32" -> DType.F32;
				case Safetensors.I64 -> null;
				default -> throw Refusal.at(Code.DTYPE_MISMATCH, Excerpt.pointer(name), "is " + Excerpt.quoted(dtype)
						+ ", must be " + Safetensors.FLOATING + ", or " + Safetensors.I64 + " for indices");
			};
			int elementBytes = (floating != null) ? floating.bytes() : Long.BYTES;
			long count = count(name, dimensions);
			if (begin > end || end - begin != count * elementBytes) {
				throw malformed("the tensor " + Excerpt.quoted(name) + " of shape " + dimensions + " and dtype " + dtype
						+ " must have " + count * elementBytes + " bytes, but data_offsets are [" + begin + ", " + end
						+ "]");
			}
			if (count == 0) {
				throw Refusal.at(Code.INVALID_FIELD, Excerpt.pointer(name),
						"must have at least one element, has shape " + dimensions);
			}
			if (count > this.maxElements) {
				throw Refusal.tooLarge(Excerpt.cut(name, Excerpt.NAME), this.maxElements, "elements");
			}
			return new Entry(name, floating, new Shape(dimensions.stream().map(Math::toIntExact).toList()), begin, end);
		}

		/// @return a number of elements whose bytes can be counted in 64 bits
		private long count(String name, List<Long> dimensions) {
			try {
				return dimensions.contains(0L) ? 0
						: dimensions.stream().reduce((long) Long.BYTES, Math::multiplyExact) / Long.BYTES;
			}
			catch (ArithmeticException ex) {
				throw malformed("the tensor " + Excerpt.quoted(name) + " has a shape beyond 64 bits: " + dimensions);
			}
		}

		private void object(JsonGrammar.Member member) throws IOException {
			if (this.cursor.peekToken() != '{') {
				throw this.grammar.unexpected("an object");
			}
			this.grammar.object((name) -> {
				requireShort("a name", name, JsonStrings.MAX_LENGTH);
				member.value(name);
			});
		}

		private void requireShort(String what, String text, int most) {
			if (text.length() > most) {
				throw malformed(what + " must have at most " + most + " characters");
			}
		}

		private List<Long> integers(String what, int most) throws IOException {
			if (this.cursor.peekToken() != '[') {
				throw this.grammar.unexpected("an array of integers");
			}
			List<Long> integers = new ArrayList<>();
			boolean more = this.grammar.enter(']');
			while (more) {
				if (integers.size() == most) {
					throw malformed(what + " must have at most " + most + " integers");
				}
				integers.add(integer(what));
				more = this.grammar.hasNext(']');
			}
			return integers;
		}

		/// Accepts digits only, as the reference reader does, and not the other forms
		/// that JSON has for an integer.
		private long integer(String what) throws IOException {
			String rule = what + " must hold integers from 0 to " + Long.MAX_VALUE + ", in digits alone";
			int first = this.cursor.peekToken();
			long start = this.cursor.offset();
			long value = 0;
			int c = first;
			do {
				int digit = c - '0';
				boolean behindZero = first == '0' && this.cursor.offset() > start;
				if (digit < 0 || digit > 9 || behindZero || value > (Long.MAX_VALUE - digit) / 10) {
					throw malformed(rule);
				}
				value = 10 * value + digit;
				this.cursor.position++;
				c = this.cursor.peek();
			}
			while (c != ',' && c != ']' && c > ' ');
			return value;
		}

		private String string(String what, int most) throws IOException {
			if (this.cursor.peekToken() != '"') {
				throw malformed(what + " must be a string, was " + kind());
			}
			String value = this.strings.read();
			requireShort(what, value, most);
			return value;
		}

		private String kind() throws IOException {
			return JsonGrammar.kindOf(this.cursor.peekToken());
		}

		private Refusal malformed(String detail) {
			return this.cursor.malformed(detail);
		}

	}

}
