package dev.adagrad.openapi;

import java.util.Locale;

/// The examples of a step, in the order in which they are shown. Each is a pair of resources, the request and its true
/// answer.
enum StepExample {

	FIRST_STEP("The first step: G is all zeros"), NUMBERS("Numbers in, numbers out"),
	WITH_HISTORY("A later step: G holds the history"), FLOAT32("In single precision (F32)"),
	KERAS_PRESET("Keras' defaults, with decoupled weight decay"),
	LATE_STEP("Step 1000, with lr_decay and L2 weight decay"), CLIPPED("A gradient of norm 50 clipped to 5"),
	CLIMBING("Maximize instead of minimize"), EVERYTHING_ANSWERED("epsilon 0, and everything that can be asked for");

	private final String summary;

	StepExample(String summary) {
		this.summary = summary;
	}

	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	String summary() {
		return this.summary;
	}

	String requestResource() {
		return "/openapi/step/" + id() + ".request.json";
	}

	String responseResource() {
		return "/openapi/step/" + id() + ".response.json";
	}

}
