package dev.adagrad.session;

import java.util.regex.Pattern;

import dev.adagrad.request.InvalidRequestException;
import dev.adagrad.tensor.Indices;
import dev.adagrad.wire.IndexOutOfRangeException;

/// Indices as a query parameter: `1,5,9`.
final class IndicesParameter {

	private static final Pattern INTEGERS = Pattern.compile("-?[0-9]+(?:,-?[0-9]+)*");

	private static final int LONGEST = 10;

	private IndicesParameter() {
	}

	/// @throws InvalidRequestException if these are no integers with commas between them
	/// @throws IndexOutOfRangeException if one cannot be an index
	static Indices parse(String value) {
		if (!INTEGERS.matcher(value).matches()) {
			throw new InvalidRequestException(
					"the query parameter indices must be integers with commas between them, such as 1,5,9");
		}
		String[] texts = value.split(",", -1);
		int[] indices = new int[texts.length];
		for (int place = 0; place < texts.length; place++) {
			long index = (texts[place].length() > LONGEST) ? -1 : Long.parseLong(texts[place]);
			if (index < 0 || index > Integer.MAX_VALUE) {
				throw new IndexOutOfRangeException("/indices/" + place,
						"must be within 0 … size − 1, was " + texts[place]);
			}
			indices[place] = (int) index;
		}
		return Indices.of(indices);
	}

}
