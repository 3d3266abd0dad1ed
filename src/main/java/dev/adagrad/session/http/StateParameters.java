package dev.adagrad.session.http;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Excerpt;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.tensor.Indices;
import org.jspecify.annotations.Nullable;

/// The query parameters of a call for the state: which part of it to read. An empty parameter counts as absent.
///
/// @param tensor the name of the one tensor to read
/// @param indices the only entries to read: `1,5,9`
/// @param touched `true` for a page of touched entries
/// @param after of a page: only entries beyond this one
/// @param limit of a page: the most entries
record StateParameters(@Nullable String tensor, @Nullable String indices, @Nullable String touched,
		@Nullable String after, @Nullable String limit) {

	private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

	private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");

	/// The name of the tensor, if the client names one.
	Optional<String> name() {
		return Optional.ofNullable(this.tensor).filter((name) -> !name.isEmpty());
	}

	/// The part of the state to read.
	/// @throws Refusal if a value is not valid, or two values contradict each other
	Reading reading() {
		boolean page = isTrue(this.touched);
		if (page && isThere(this.indices)) {
			throw Refusal.of(Code.INVALID_FIELD, "the query parameters touched and indices do not go together");
		}
		if (page) {
			long most = isThere(this.limit) ? number("limit", this.limit) : 1;
			if (most < 1 || most >= Integer.MAX_VALUE) {
				throw Refusal.of(Code.INVALID_FIELD,
						"the query parameter limit must be 1 to " + (Integer.MAX_VALUE - 1) + ", was " + most);
			}
			return new Reading.Touched(isThere(this.after) ? number("after", this.after) : -1,
					isThere(this.limit) ? OptionalInt.of((int) most) : OptionalInt.empty());
		}
		if (isThere(this.after) || isThere(this.limit)) {
			throw Refusal.of(Code.INVALID_FIELD, "the query parameter " + (isThere(this.after) ? "after" : "limit")
					+ " is for pages of what was touched: touched=true must stand beside it");
		}
		String named = this.indices;
		return (named != null) ? new Reading.Elements(indices(named)) : new Reading.Whole();
	}

	/// Whether a parameter is `true`.
	/// @throws Refusal if it is neither `true` nor `false`
	static boolean isTrue(@Nullable String touched) {
		return switch (touched) {
			case null -> false;
			case "", "false" -> false;
			case "true" -> true;
			default -> throw Refusal.of(Code.INVALID_FIELD,
					"the query parameter touched must be true or false, was " + Excerpt.cut(touched, Excerpt.VALUE));
		};
	}

	private static boolean isThere(@Nullable String value) {
		return value != null && !value.isEmpty();
	}

	private static long number(String name, @Nullable String value) {
		if (value == null || !DIGITS.matcher(value).matches()) {
			throw Refusal.of(Code.INVALID_FIELD, "the query parameter " + name + " must be an integer ≥ 0, was "
					+ Excerpt.cut(String.valueOf(value), Excerpt.VALUE));
		}
		return Long.parseLong(value);
	}

	/// The indices of a list: `1,5,9`.
	/// @throws Refusal if the value is not a list of integers with commas between them,
	/// or one cannot be an index
	static Indices indices(String value) {
		String[] texts = value.split(",", -1);
		if (!Arrays.stream(texts).allMatch((text) -> INTEGER.matcher(text).matches())) {
			throw Refusal.of(Code.INVALID_FIELD,
					"the query parameter indices must be integers with commas between them, such as 1,5,9");
		}
		long[] indices = new long[texts.length];
		for (int place = 0; place < texts.length; place++) {
			if (!DIGITS.matcher(texts[place]).matches()) {
				throw Refusal.at(Code.INDEX_OUT_OF_RANGE, "/indices/" + place,
						"must be within 0 … size − 1, was " + texts[place]);
			}
			indices[place] = Long.parseLong(texts[place]);
		}
		return Indices.of(indices);
	}

	/// The part of a state to read.
	sealed interface Reading {

		/// All of it.
		record Whole() implements Reading {
		}

		/// Some entries.
		record Elements(Indices indices) implements Reading {
		}

		/// A page of touched entries.
		///
		/// @param after only entries beyond this one; −1 for all
		/// @param limit the most entries; empty for the usual number
		record Touched(long after, OptionalInt limit) implements Reading {
		}

	}

}
