package dev.adagrad.wire;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What to say of a field that there is none of.
final class FieldNames {

	private FieldNames() {
	}

	/// Names the fields there are, and the one that was probably meant.
	static String unknown(String name, List<MessageField> fields) {
		String near = nearest(name, fields).map((field) -> "did you mean \"" + field + "\"? ").orElse("");
		String allowed = fields.stream().map(MessageField::name).collect(Collectors.joining(", "));
		return "is an unknown field; " + near + "allowed are " + allowed;
	}

	private static Optional<String> nearest(String name, List<MessageField> fields) {
		if (name.length() > Excerpt.NAME) {
			return Optional.empty();
		}
		ToIntFunction<String> distance = (field) -> distance(bare(name), bare(field));
		return fields.stream()
			.map(MessageField::name)
			.filter((field) -> distance.applyAsInt(field) < Integer.MAX_VALUE)
			.min(Comparator.comparingInt(distance));
	}

	/// `learningRate`, `learning-rate` and `LEARNING_RATE` are all `learning_rate`.
	private static String bare(String name) {
		return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
	}

	/// How many characters are to be put in, taken out or replaced to make one of the
	/// other (Levenshtein), up to half of the longer one: `gard` and `gradient` are near
	/// to `grad`.
	private static int distance(String a, String b) {
		int[] row = IntStream.rangeClosed(0, b.length()).toArray();
		for (int i = 1; i <= a.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= b.length(); j++) {
				int replaced = diagonal + ((a.charAt(i - 1) == b.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
			}
		}
		int edits = row[b.length()];
		return (edits <= Math.max(a.length(), b.length()) / 2) ? edits : Integer.MAX_VALUE;
	}

}
