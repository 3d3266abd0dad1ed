package dev.adagrad.refusal;

import java.util.List;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// What tests ask of refusals.
public final class RefusalAssertions {

	private RefusalAssertions() {
	}

	/// That a call is refused for this reason.
	public static ThrowableAssertAlternative<Refusal> assertThatRefusal(Code code, ThrowingCallable call) {
		return assertThatExceptionOfType(Refusal.class).isThrownBy(call)
			.matches((refusal) -> refusal.code() == code, "is " + code);
	}

	/// The first place that it names.
	public static Place place(Refusal refusal) {
		return (Place) ((List<?>) refusal.members().get("errors")).getFirst();
	}

	/// A member that is a number: `line`, `column`, `offset`, `limit`.
	public static long number(Refusal refusal, String member) {
		return ((Number) refusal.members().get(member)).longValue();
	}

}
