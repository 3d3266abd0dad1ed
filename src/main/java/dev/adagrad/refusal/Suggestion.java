package dev.adagrad.refusal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Guesses which known name a client meant by an unknown one. The guess is a hint for a person; no code acts on it.
///
/// The names in papers and libraries come first: `lr` is `learning_rate`. Then come names with nearly the same
/// spelling: `gard` is `grad`. Case, `_` and `-` make no difference.
public final class Suggestion {

	/// Longer names are not compared: that would cost more than it is worth.
	private static final int MAX_LENGTH = 128;

	/// The names that papers and libraries use, each with this service's name for it.
	private static final Map<String, String> CALLED = Stream
		.of(names("parameter", "param params parameters theta weight weights w x var variable variables"),
				names("grad", "gradient gradients grads dx dw g"),
				names("G",
						"accumulator accumulators accum state_sum sum sum_of_squares grad_squared cache history state"),
				names("learning_rate", "lr eta alpha rate step_size"), names("epsilon", "eps delta stabilizer"),
				names("lr_decay", "decay learning_rate_decay"),
				names("weight_decay", "wd l2_reg l2_regularization lambda"),
				names("step", "t iteration iter steps epoch"),
				names("clip_norm", "max_norm max_grad_norm clip_grad_norm global_clipnorm"),
				names("clip_value", "clip max_value clip_grad_value"), names("dtype", "type data_type precision"),
				names("preset", "optimizer library framework"), names("indices", "index idx ids rows"),
				names("include", "fields return"), names("ttl_seconds", "ttl expires_in"),
				names("size", "length n dim dimension"), names("tensors", "model state_dict named_parameters"),
				names("initial_accumulator_value", "initial_accumulator initial_g g0"),
				names("initial_parameter_value", "initial_value"), names("after", "page offset cursor start"),
				names("limit", "per_page page_size count"), names("F64", "float64 double f64 fp64 real"),
				names("F32", "float32 float single fp32"), names("torch", "pytorch"), names("keras", "tensorflow tf"),
				names("optax", "jax flax"), names("outside_sqrt", "outside"), names("inside_sqrt", "inside"),
				names("coupled", "l2"), names("decoupled", "adamw"), names("postgresql", "postgres pg"),
				names("os", "none off false"), names("fsync", "full on true always"))
		.flatMap((entries) -> entries.entrySet().stream())
		.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

	private Suggestion() {
	}

	private static Map<String, String> names(String name, String elsewhere) {
		return Stream.of(elsewhere.split(" ")).collect(Collectors.toUnmodifiableMap(Suggestion::bare, (other) -> name));
	}

	/// The hint for a name: `did you mean "grad"?`, or nothing.
	/// @param given the unknown name
	/// @param known the known names
	public static Optional<String> of(String given, Collection<String> known) {
		return nearest(given, known).map((name) -> "did you mean \"" + name + "\"?");
	}

	/// The known name that the client probably meant.
	public static Optional<String> nearest(String given, Collection<String> known) {
		if (given.length() > MAX_LENGTH) {
			return Optional.empty();
		}
		String called = CALLED.get(bare(given));
		if (called != null && known.contains(called)) {
			return Optional.of(called);
		}
		return known.stream()
			// learning_rate_scale, where there is no learning_rate
			.filter((name) -> called != null && name.startsWith(called))
			.findFirst()
			.or(() -> nearlyWritten(given, known));
	}

	private static Optional<String> nearlyWritten(String given, Collection<String> known) {
		return known.stream()
			.filter((name) -> edits(given, name) <= mostEdits(given, name))
			.min(Comparator.comparingInt((name) -> edits(given, name)));
	}

	/// Up to a third of the longer name, rounded up, with two characters at least in
	/// common: `gard` is near `grad`, but `weights` is not near `weight_decay`, nor `lr`
	/// near `l1`.
	private static int mostEdits(String a, String b) {
		int longer = Math.max(bare(a).length(), bare(b).length());
		return Math.max(0, Math.min((longer + 2) / 3, longer - 2));
	}

	/// `learningRate`, `learning-rate` and `LEARNING_RATE` are all `learning_rate`.
	private static String bare(String name) {
		return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
	}

	/// How many characters must be added, removed or replaced to turn one name into the
	/// other (Levenshtein).
	private static int edits(String given, String name) {
		String a = bare(given);
		String b = bare(name);
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
		return row[b.length()];
	}

}
