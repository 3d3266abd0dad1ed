package dev.adagrad.session.store;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.kernel.WeightDecayMode;
import dev.adagrad.session.Configuration;
import dev.adagrad.tensor.DType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The configuration of a session and its initial values as the one line of JSON that is kept in the column
/// `configuration`, under the names of the HTTP contract, with a version of its own:
///
/// `{"version":1,"size":3,"dtype":"F64","holds_parameter":true,…}`
///
/// Doubles are written in the shortest form that reads back to the same bits.
///
/// @param configuration what the session was created with
/// @param initialAccumulatorValue what every element of G started from, unless G was given
/// @param initialParameterValue what every element of a held parameter started from, unless it was given
record ConfigurationJson(Configuration configuration, Optional<Double> initialAccumulatorValue,
		Optional<Double> initialParameterValue) {

	private static final int VERSION = 1;

	private static final JsonMapper JSON = JsonMapper.builder().build();

	/// @throws IllegalArgumentException if this is no configuration of a version known
	/// here
	static ConfigurationJson read(String text) {
		JsonNode json = JSON.readTree(text);
		int version = json.path("version").asInt(0);
		if (version != VERSION) {
			throw new IllegalArgumentException("a configuration of version " + VERSION + " is needed, was: " + text);
		}
		Hyperparameters hyperparameters = new Hyperparameters(json.required("learning_rate").doubleValue(),
				json.required("epsilon").doubleValue(),
				EpsilonPlacement.valueOf(constant(json.required("epsilon_placement"))),
				json.required("lr_decay").doubleValue(), json.required("weight_decay").doubleValue(),
				WeightDecayMode.valueOf(constant(json.required("weight_decay_mode"))),
				json.required("maximize").booleanValue(), clipping(json), number(json, "l1").orElse(0.0),
				number(json, "l2").orElse(0.0), 1);
		Optional<Duration> ttl = json.has("ttl_seconds")
				? Optional.of(Duration.ofSeconds(json.required("ttl_seconds").longValue())) : Optional.empty();
		Configuration configuration = new Configuration(json.required("size").longValue(),
				DType.valueOf(json.required("dtype").stringValue()), json.required("holds_parameter").booleanValue(),
				hyperparameters, json.required("initial_step").longValue(), ttl);
		return new ConfigurationJson(configuration, number(json, "initial_accumulator_value"),
				number(json, "initial_parameter_value"));
	}

	String write() {
		Hyperparameters hyperparameters = this.configuration.hyperparameters();
		ObjectNode json = JSON.createObjectNode()
			.put("version", VERSION)
			.put("size", this.configuration.size())
			.put("dtype", this.configuration.dtype().name())
			.put("holds_parameter", this.configuration.holdsParameter())
			.put("learning_rate", hyperparameters.learningRate())
			.put("epsilon", hyperparameters.epsilon())
			.put("epsilon_placement", name(hyperparameters.epsilonPlacement()))
			.put("lr_decay", hyperparameters.lrDecay())
			.put("weight_decay", hyperparameters.weightDecay())
			.put("weight_decay_mode", name(hyperparameters.weightDecayMode()))
			.put("maximize", hyperparameters.maximize());
		switch (hyperparameters.clipping()) {
			case Clipping.None none -> {
			}
			case Clipping.ByValue(double limit) -> json.put("clip_value", limit);
			case Clipping.ByNorm(double limit, Clipping.Scope scope) -> {
				json.put("clip_norm", limit);
				if (scope != Clipping.Scope.GLOBAL) {
					json.put("clip_norm_scope", name(scope));
				}
			}
		}
		putUnlessZero(json, "l1", hyperparameters.l1());
		putUnlessZero(json, "l2", hyperparameters.l2());
		json.put("initial_step", this.configuration.initialStep());
		this.configuration.ttl().ifPresent((ttl) -> json.put("ttl_seconds", ttl.toSeconds()));
		this.initialAccumulatorValue.ifPresent((value) -> json.put("initial_accumulator_value", value));
		this.initialParameterValue.ifPresent((value) -> json.put("initial_parameter_value", value));
		return JSON.writeValueAsString(json);
	}

	/// What later releases have added is left out where it is not used, so that rows of
	/// before stay as they are.
	private static void putUnlessZero(ObjectNode json, String name, double value) {
		if (value != 0) {
			json.put(name, value);
		}
	}

	private static Clipping clipping(JsonNode json) {
		if (json.has("clip_value")) {
			return new Clipping.ByValue(json.required("clip_value").doubleValue());
		}
		if (json.has("clip_norm")) {
			return new Clipping.ByNorm(json.required("clip_norm").doubleValue(), json.has("clip_norm_scope")
					? Clipping.Scope.valueOf(constant(json.required("clip_norm_scope"))) : Clipping.Scope.GLOBAL);
		}
		return new Clipping.None();
	}

	private static Optional<Double> number(JsonNode json, String name) {
		return json.has(name) ? Optional.of(json.required(name).doubleValue()) : Optional.empty();
	}

	private static String name(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

	private static String constant(JsonNode name) {
		return name.stringValue().toUpperCase(Locale.ROOT);
	}

}
