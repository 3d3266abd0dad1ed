package dev.adagrad.refusal;

/// Makes what a client sent fit for a message for people: short, without control characters, and always encodable as
/// UTF-8.
public final class Excerpt {

	/// The most characters (code points) of a value that a message shows.
	public static final int VALUE = 40;

	/// The most characters (code points) of a name that a pointer shows.
	public static final int NAME = 128;

	private Excerpt() {
	}

	/// The text in double quotes.
	public static String quoted(String text) {
		return '"' + cut(text, VALUE) + '"';
	}

	/// A field's name as one step of a pointer.
	/// @see <a href="https://www.rfc-editor.org/rfc/rfc6901#section-3">RFC 6901: `~` and
	/// `/` are escaped</a>
	public static String pointer(String name) {
		return '/' + cut(name, NAME).replace("~", "~0").replace("/", "~1");
	}

	/// The text, cut to a number of code points.
	public static String cut(String text, int maxCodePoints) {
		StringBuilder harmless = text.codePoints()
			.limit(maxCodePoints)
			.map((codePoint) -> isHarmless(codePoint) ? codePoint : '\uFFFD')
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
		if (text.codePointCount(0, text.length()) > maxCodePoints) {
			harmless.append('…');
		}
		return harmless.toString();
	}

	/// The name of one character in a message.
	public static String character(int codePoint) {
		return (isHarmless(codePoint) && codePoint != '\'') ? "'" + Character.toString(codePoint) + "'"
				: String.format("U+%04X", codePoint);
	}

	private static boolean isHarmless(int codePoint) {
		return switch (Character.getType(codePoint)) {
			// FORMAT includes the characters that reverse the direction of a line
			case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED,
					Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
				false;
			default -> true;
		};
	}

}
