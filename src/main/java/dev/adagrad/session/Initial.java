package dev.adagrad.session;

import java.util.Optional;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Tensor;

/// The initial values of G or of the parameter of a tensor.
public sealed interface Initial {

	/// A rule gives an element's value from its index. So the element takes no room until
	/// it is first stepped.
	sealed interface Rule extends Initial {

	}

	/// One value everywhere.
	///
	/// @param value finite, and a value of the session's dtype
	record Constant(double value) implements Rule {
	}

	/// Evenly spread values, see [dev.adagrad.session.Uniform], rounded once to the
	/// session's dtype.
	///
	/// @param low where they begin, finite
	/// @param high where they end, finite, ≥ `low`, and less than the range of F64 away
	/// @param seed of the values
	record Uniform(double low, double high, long seed) implements Rule {

		/// @throws IllegalArgumentException if the range is not valid
		public Uniform {
			if (!isRange(low, high)) {
				throw new IllegalArgumentException("no range: " + low + " to " + high);
			}
		}

		/// Whether there are values between the two, all of them finite.
		public static boolean isRange(double low, double high) {
			return low <= high && Double.isFinite(low) && Double.isFinite(high) && Double.isFinite(high - low)
					&& Double.isFinite(low + (high - low));
		}

	}

	/// A value for each element.
	///
	/// @param blocks of the session's dtype and the tensor's size; may be iterated until
	/// the call that got them has returned
	record Given(Blocks<Tensor> blocks) implements Initial {
	}

	/// The rule, if there is one.
	default Optional<Rule> rule() {
		return switch (this) {
			case Rule rule -> Optional.of(rule);
			case Given given -> Optional.empty();
		};
	}

}
