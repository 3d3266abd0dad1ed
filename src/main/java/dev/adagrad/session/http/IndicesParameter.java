package dev.adagrad.session.http;

import java.util.regex.Pattern;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.tensor.Indices;

/// Indices as a query parameter: `1,5,9`.
final class IndicesParameter {

	private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");

	private static final int LONGEST = 18;

	private IndicesParameter() {
	}

	/// @throws Refusal if the value is not a list of integers with commas between them,
	/// or one cannot be an index
	static Indices parse(String value) {
		String[] texts = value.split(",", -1);
		for (String text : texts) {
			if (!INTEGER.matcher(text).matches()) {
				throw Refusal.of(Code.INVALID_FIELD,
						"the query parameter indices must be integers with commas between them, such as 1,5,9");
			}
		}
		long[] indices = new long[texts.length];
		for (int place = 0; place < texts.length; place++) {
			String text = texts[place];
			boolean never = text.startsWith("-") || text.length() > LONGEST;
			long index = never ? -1 : Long.parseLong(text);
			if (index < 0) {
				throw Refusal.at(Code.INDEX_OUT_OF_RANGE, "/indices/" + place,
						"must be within 0 … size − 1, was " + text);
			}
			indices[place] = index;
		}
		return Indices.of(indices);
	}

}
