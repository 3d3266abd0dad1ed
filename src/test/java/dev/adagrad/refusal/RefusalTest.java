package dev.adagrad.refusal;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RefusalTest {

	@Test
	void listsAtMostTwentyPlacesAndCountsTheRest() {
		List<Place> places = IntStream.range(0, 30).mapToObj((i) -> new Place("/grad/" + i, "is odd")).toList();
		Refusal refusal = Refusal.at(Code.INVALID_FIELD, places);
		assertThat(refusal.detail()).isEqualTo("/grad/0 and 29 other places are refused: see errors");
		assertThat(refusal).hasMessage("/grad/0 is odd (and 29 more)");
		assertThat(refusal.members()).isEqualTo(Map.of("errors", places.subList(0, 20)));
	}

	@Test
	void thePlaceWithoutAPointerIsTheBody() {
		Refusal refusal = Refusal.at(Code.INVALID_FIELD, "", "must be an object, was null");
		assertThat(refusal.detail()).isEqualTo("the body is refused: see errors");
		assertThat(refusal).hasMessage("the body must be an object, was null");
	}

	@Test
	void whatIsAddedLeavesTheRestAsItWas() {
		IllegalStateException cause = new IllegalStateException("disk");
		Refusal refusal = Refusal.of(Code.STEP_MISMATCH, "not this one")
			.because("for the log", cause)
			.with("step", 3)
			.withHeader("ETag", "\"3\"")
			.with("applied_step", 2);
		assertThat(refusal).hasMessage("for the log").hasCause(cause);
		assertThat(refusal.isReported()).isTrue();
		assertThat(refusal.detail()).isEqualTo("not this one");
		assertThat(refusal.code()).isEqualTo(Code.STEP_MISMATCH);
		assertThat(refusal.members()).containsExactly(Map.entry("step", 3), Map.entry("applied_step", 2));
		assertThat(refusal.headers()).isEqualTo(Map.of("ETag", "\"3\""));
	}

	@Test
	void theClientsTextIsTheMessageWhereTheOperatorNeedsNoOther() {
		Refusal refusal = Refusal.of(Code.OVERLOADED, "no room");
		assertThat(refusal).hasMessage("no room").hasNoCause();
		assertThat(refusal.isReported()).isFalse();
		assertThat(refusal.getStackTrace()).as("the fault is in the request, not in the code").isEmpty();
	}

}
