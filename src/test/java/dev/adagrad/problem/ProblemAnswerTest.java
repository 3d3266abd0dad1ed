package dev.adagrad.problem;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProblemAnswerTest {

	@Test
	void listsAtMostTwentyPlacesAndCountsTheRest() {
		List<FieldProblem> errors = IntStream.range(0, 30)
			.mapToObj((i) -> new FieldProblem("/grad/" + i, "is odd"))
			.toList();
		ProblemAnswer answer = ProblemAnswer.ofErrors(Problem.INVALID_FIELD, errors);
		assertThat(answer.detail()).isEqualTo("/grad/0 is odd (and 29 more)");
		assertThat(answer.members().get("errors")).isEqualTo(errors.subList(0, 20));
	}

}
