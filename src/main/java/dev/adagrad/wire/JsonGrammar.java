package dev.adagrad.wire;

import java.io.IOException;

import dev.adagrad.refusal.Excerpt;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;

/// Reads the structure around the values of a JSON document, and skips values that nobody needs, as strictly as it reads
/// the others.
///
/// Not thread-safe.
final class JsonGrammar {

	/// The largest depth of nested arrays and objects, including the outermost.
	static final int MAX_DEPTH = 64;

	private final JsonCursor cursor;

	private final JsonStrings strings;

	private final NumberScanner numbers;

	/// The pointer of the object whose members are being read.
	String place = "";

	/// The number of arrays and objects that were entered and are still open.
	private int depth;

	JsonGrammar(JsonCursor cursor, JsonStrings strings, NumberScanner numbers) {
		this.cursor = cursor;
		this.strings = strings;
		this.numbers = numbers;
	}

	/// Reads an object whose `{` is next.
	void object(Member member) throws IOException {
		boolean more = enter('}');
		while (more) {
			if (this.cursor.peekToken() != '"') {
				throw unexpected("a name in double quotes");
			}
			String name = this.strings.read();
			if (this.cursor.peekToken() != ':') {
				throw unexpected("':'");
			}
			this.cursor.position++;
			member.value(name);
			more = hasNext('}');
		}
	}

	/// Enters the array or object whose first character is next.
	/// @return whether it has content; if not, it has been left again
	boolean enter(char closing) throws IOException {
		this.cursor.position++;
		boolean empty = this.cursor.peekToken() == closing;
		if (empty) {
			this.cursor.position++;
		}
		else {
			this.depth++;
		}
		return !empty;
	}

	/// Reads the separator between two elements; false at the end, where the array or
	/// object is left.
	boolean hasNext(char closing) throws IOException {
		int c = this.cursor.peekToken();
		if (c != ',' && c != closing) {
			throw unexpected("',' or '" + closing + "'");
		}
		this.cursor.position++;
		if (c == closing) {
			this.depth--;
		}
		return c == ',';
	}

	/// Requires the end of the document.
	void end() throws IOException {
		if (this.cursor.peekToken() >= 0) {
			throw unexpected("nothing more after the object");
		}
	}

	/// Skips one value and the white space before it.
	void skip() throws IOException {
		int c = this.cursor.peekToken();
		if ((c == '{' || c == '[') && this.depth == MAX_DEPTH) {
			throw this.cursor.malformed("nested more than " + MAX_DEPTH + " levels deep");
		}
		switch (c) {
			case '{' -> object((name) -> skip());
			case '[' -> {
				boolean more = enter(']');
				while (more) {
					skip();
					more = hasNext(']');
				}
			}
			case '"' -> this.strings.skip();
			case 't', 'f', 'n' -> literal();
			default -> {
				if (!NumberScanner.begins(c)) {
					throw unexpected("a value");
				}
				this.numbers.skip();
			}
		}
	}

	/// Reads `true`, `false` or `null`, and returns its first letter.
	int literal() throws IOException {
		int first = this.cursor.peek();
		String word = (first == 't') ? "true" : (first == 'f') ? "false" : "null";
		for (int i = 0; i < word.length(); i++) {
			if (this.cursor.peek() != word.charAt(i)) {
				throw unexpected(word);
			}
			this.cursor.position++;
		}
		int next = this.cursor.peek();
		if (next >= 0x80 || next == '_' || Character.isLetterOrDigit(next)) {
			throw unexpected(word);
		}
		return first;
	}

	/// The refusal of the value at the cursor because of its kind; the value is skipped
	/// first.
	/// @param pointer the pointer to it, relative to the place
	Refusal refused(String pointer, String rule) throws IOException {
		String kind = kindOf(this.cursor.peekToken());
		skip();
		return invalid(pointer, rule + ", was " + kind);
	}

	/// The refusal of a value that has been read.
	/// @param pointer the pointer to it, relative to the place
	Refusal invalid(String pointer, String rule) {
		return Refusal.at(Code.INVALID_FIELD, this.place + pointer, rule);
	}

	/// The refusal of an array because of its length.
	/// @param pointer the pointer to it, relative to the place
	Refusal tooLarge(String pointer, int maxElements) {
		return Refusal.tooLarge((this.place + pointer).substring(1), maxElements, "elements");
	}

	/// The refusal of the character at the cursor.
	/// @param expected what should be there
	Refusal unexpected(String expected) throws IOException {
		int c = this.cursor.peek();
		if (c < 0) {
			return this.cursor.malformed("the body ends where " + expected + " must stand");
		}
		boolean trailing = (c == ']' || c == '}') && this.cursor.followsComma();
		return this.cursor.malformed("expected " + expected + ", found "
				+ (trailing ? Excerpt.character(c) + " after a trailing comma" : describe(c)));
	}

	private static String describe(int c) {
		return switch (c) {
			case 'N', 'I' -> Excerpt.character(c) + " (NaN, Infinity and None are not JSON)";
			case '/', '#' -> Excerpt.character(c) + " (comments are not JSON)";
			case '\'' -> "a single quote (JSON has double quotes)";
			case '+', '.' -> Excerpt.character(c) + " (a number begins with a digit or '-')";
			case 0xEF -> "the byte 0xEF (a byte order mark is not JSON)";
			default -> (c < 0x80) ? Excerpt.character(c) : String.format("the byte 0x%02X", c);
		};
	}

	/// The kind of value that begins with a character, for a message.
	static String kindOf(int c) {
		return switch (c) {
			case '{' -> "an object";
			case '[' -> "an array";
			case '"' -> "a string";
			case 't' -> "true";
			case 'f' -> "false";
			case 'n' -> "null";
			default -> "a number";
		};
	}

	/// Reads the value of a member of an object.
	@FunctionalInterface
	interface Member {

		void value(String name) throws IOException;

	}

}
