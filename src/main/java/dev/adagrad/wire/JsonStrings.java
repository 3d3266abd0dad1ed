package dev.adagrad.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import dev.adagrad.refusal.Excerpt;

/// Reads the strings of a JSON document: RFC 8259 section 7, in UTF-8 as RFC 3629 has it (no overlong forms, no
/// surrogates, nothing beyond U+10FFFF).
///
/// Not thread-safe.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8259#section-7">RFC 8259: strings</a>
/// @see <a href="https://www.unicode.org/versions/Unicode16.0.0/core-spec/chapter-3/#G27506">Unicode table 3-7:
/// well-formed UTF-8</a>
final class JsonStrings {

	/// The largest number of chars kept of a string; no field needs more.
	static final int MAX_LENGTH = 4096;

	private static final int REPLACEMENT_OF_NOTHING = -1;

	private final JsonCursor cursor;

	private final StringBuilder text = new StringBuilder(0);

	private boolean cut;

	private final int maxLength;

	/// @param maxLength the largest number of characters of a string
	JsonStrings(JsonCursor cursor, int maxLength) {
		this.cursor = cursor;
		this.maxLength = maxLength;
	}

	/// Reads the string that begins at the cursor. If the string is too long, only its
	/// beginning is returned and [#isCut()] is true.
	String read() throws IOException {
		JsonCursor cursor = this.cursor;
		byte[] buffer = cursor.buffer;
		int start = cursor.position + 1;
		int end = start;
		// the bytes of non-ASCII characters are negative
		while (end < cursor.limit && buffer[end] >= ' ' && buffer[end] != '"' && buffer[end] != '\\') {
			end++;
		}
		if (end < cursor.limit && buffer[end] == '"' && end - start <= this.maxLength) {
			this.cut = false;
			cursor.position = end + 1;
			return new String(buffer, start, end - start, StandardCharsets.ISO_8859_1);
		}
		skip();
		return this.text.toString();
	}

	/// Whether the last string was longer than what [#read()] returned.
	boolean isCut() {
		return this.cut;
	}

	/// Skips the string that begins at the cursor, character by character.
	void skip() throws IOException {
		JsonCursor cursor = this.cursor;
		this.text.setLength(0);
		this.cut = false;
		cursor.position++;
		while (true) {
			int c = cursor.peek();
			if (c == '"') {
				cursor.position++;
				return;
			}
			if (c < 0) {
				throw cursor.malformed("the body ends within a string");
			}
			if (c < ' ') {
				throw cursor.malformed("a control character (" + Excerpt.character(c) + ") must be escaped");
			}
			if (c == '\\') {
				cursor.position++;
				keep(escape());
			}
			else if (c < 0x80) {
				cursor.position++;
				keep(c);
			}
			else {
				keep(character(c));
			}
		}
	}

	private void keep(int codePoint) {
		if (this.text.length() + Character.charCount(codePoint) <= this.maxLength) {
			this.text.appendCodePoint(codePoint);
		}
		else {
			this.cut = true;
		}
	}

	private int escape() throws IOException {
		int c = this.cursor.peek();
		int escaped = switch (c) {
			case '"', '\\', '/' -> c;
			case 'b' -> '\b';
			case 'f' -> '\f';
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			case 'u' -> REPLACEMENT_OF_NOTHING;
			case -1 -> throw this.cursor.malformed("the body ends within a string");
			default -> throw this.cursor.malformed("no escape begins like this");
		};
		this.cursor.position++;
		return (escaped != REPLACEMENT_OF_NOTHING) ? escaped : hexadecimal();
	}

	private int hexadecimal() throws IOException {
		int value = 0;
		for (int i = 0; i < 4; i++) {
			int c = this.cursor.peek();
			int digit = (c < 0x80) ? Character.digit(c, 16) : -1;
			if (digit < 0) {
				throw this.cursor
					.malformed((c < 0) ? "the body ends within a string" : "\\u must be followed by four hex digits");
			}
			value = (value << 4) | digit;
			this.cursor.position++;
		}
		return value;
	}

	/// Reads one character of two to four bytes.
	private int character(int lead) throws IOException {
		JsonCursor cursor = this.cursor;
		long start = cursor.offset();
		int following = (lead < 0xE0) ? 1 : (lead < 0xF0) ? 2 : 3;
		// the range is narrower after these four leads: other bytes would make an
		// overlong form, a surrogate, or a character beyond U+10FFFF
		int least = (lead == 0xE0) ? 0xA0 : (lead == 0xF0) ? 0x90 : 0x80;
		int most = (lead == 0xED) ? 0x9F : (lead == 0xF4) ? 0x8F : 0xBF;
		if (lead < 0xC2 || lead > 0xF4) {
			throw cursor.malformed(notUtf8(lead));
		}
		cursor.position++;
		int codePoint = lead & (0x3F >> following);
		for (int i = 0; i < following; i++) {
			int c = cursor.peek();
			if (c < 0) {
				throw cursor.malformedAt(start, "the body ends within a character");
			}
			if (c < least || c > most) {
				throw cursor.malformedAt(start, notUtf8(lead));
			}
			codePoint = (codePoint << 6) | (c & 0x3F);
			least = 0x80;
			most = 0xBF;
			cursor.position++;
		}
		cursor.continued(following);
		return codePoint;
	}

	private static String notUtf8(int lead) {
		return String.format("not UTF-8: the byte 0x%02X begins no character here", lead);
	}

}
