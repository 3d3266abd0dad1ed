package dev.adagrad.session.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.kernel.WeightDecayMode;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Initial;
import dev.adagrad.session.Layout;
import dev.adagrad.session.Start;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.tensor.DType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The configuration of a session and its initial values as the one line of JSON that is kept in the column
/// `configuration`, under the names of the HTTP contract, with a version of its own:
///
/// `{"version":1,"size":3,"dtype":"F64","holds_parameter":true,…}` of one flat array without a name, as the first release
/// had it, and
///
/// `{"version":2,"dtype":"F64",…,"tensors":{"w":{"shape":[784,128],"weight_decay":0.0,…},…}}` of all others. A tensor has what
/// differs from the session's; one without a name is named "".
///
/// Doubles are written in the shortest form that reads back to the same bits.
///
/// @param configuration what the session was created with
/// @param starts what its tensors started from
record ConfigurationJson(Configuration configuration, List<Start> starts) {

	private static final int FLAT = 1;

	private static final int TENSORS = 2;

	private static final JsonMapper JSON = JsonMapper.builder().build();

	/// @throws IllegalArgumentException if this is no configuration of a version known
	/// here
	static ConfigurationJson read(String text) {
		JsonNode json = JSON.readTree(text);
		int version = json.path("version").asInt(0);
		if (version != FLAT && version != TENSORS) {
			throw new IllegalArgumentException(
					"a configuration of version " + FLAT + " or " + TENSORS + " is needed, was: " + text);
		}
		Hyperparameters all = new Hyperparameters(json.required("learning_rate").doubleValue(),
				json.required("epsilon").doubleValue(),
				EpsilonPlacement.valueOf(constant(json.required("epsilon_placement"))),
				json.required("lr_decay").doubleValue(), json.required("weight_decay").doubleValue(),
				WeightDecayMode.valueOf(constant(json.required("weight_decay_mode"))),
				json.required("maximize").booleanValue(), clipping(json, new Clipping.None()),
				number(json, "l1").orElse(0.0), number(json, "l2").orElse(0.0), 1);
		List<TensorSpec> tensors = new ArrayList<>();
		List<Start> starts = new ArrayList<>();
		if (version == FLAT) {
			tensors.add(new TensorSpec("", List.of(json.required("size").longValue()), false, false, all));
			starts.add(start(json));
		}
		else {
			for (Map.Entry<String, JsonNode> each : json.required("tensors").properties()) {
				tensors.add(tensor(each.getKey(), each.getValue(), all));
				starts.add(start(each.getValue()));
			}
		}
		Layout layout = tensors.getFirst().name().isEmpty() ? Layout.alone(tensors.getFirst()) : Layout.named(tensors);
		Optional<Duration> ttl = json.has("ttl_seconds")
				? Optional.of(Duration.ofSeconds(json.required("ttl_seconds").longValue())) : Optional.empty();
		Configuration configuration = new Configuration(layout, DType.valueOf(json.required("dtype").stringValue()),
				json.required("holds_parameter").booleanValue(), all, json.required("initial_step").longValue(), ttl);
		return new ConfigurationJson(configuration, List.copyOf(starts));
	}

	private static TensorSpec tensor(String name, JsonNode json, Hyperparameters all) {
		List<Long> shape = new ArrayList<>();
		json.required("shape").forEach((dimension) -> shape.add(dimension.longValue()));
		Hyperparameters own = new Hyperparameters(all.learningRate(), all.epsilon(), all.epsilonPlacement(),
				all.lrDecay(), number(json, "weight_decay").orElse(all.weightDecay()), all.weightDecayMode(),
				all.maximize(), clipping(json, all.clipping()), number(json, "l1").orElse(all.l1()),
				number(json, "l2").orElse(all.l2()),
				number(json, "learning_rate_scale").orElse(all.learningRateScale()));
		return new TensorSpec(name, shape, json.path("accumulator").asString("").equals("row"),
				json.path("frozen").asBoolean(false), own);
	}

	private static Start start(JsonNode json) {
		Optional<Initial.Rule> G = number(json, "initial_accumulator_value").map(Initial.Constant::new);
		Optional<Initial.Rule> parameter = number(json, "initial_parameter_value").map(Initial.Constant::new);
		if (json.has("initial_parameter")) {
			JsonNode uniform = json.required("initial_parameter");
			parameter = Optional.of(new Initial.Uniform(uniform.required("uniform").required(0).doubleValue(),
					uniform.required("uniform").required(1).doubleValue(), uniform.required("seed").longValue()));
		}
		return new Start(G, parameter);
	}

	String write() {
		Layout layout = this.configuration.layout();
		TensorSpec first = layout.tensors().getFirst();
		boolean flat = !layout.isNamed() && first.shape().size() == 1 && !first.rowWise() && !first.frozen()
				&& this.starts.getFirst().parameter().stream().allMatch(Initial.Constant.class::isInstance);
		Hyperparameters all = this.configuration.hyperparameters();
		ObjectNode json = JSON.createObjectNode().put("version", flat ? FLAT : TENSORS);
		if (flat) {
			json.put("size", this.configuration.size());
		}
		json.put("dtype", this.configuration.dtype().name())
			.put("holds_parameter", this.configuration.holdsParameter())
			.put("learning_rate", all.learningRate())
			.put("epsilon", all.epsilon())
			.put("epsilon_placement", name(all.epsilonPlacement()))
			.put("lr_decay", all.lrDecay())
			.put("weight_decay", all.weightDecay())
			.put("weight_decay_mode", name(all.weightDecayMode()))
			.put("maximize", all.maximize());
		put(json, all.clipping());
		// what later releases have added is left out where it is not used, so that rows
		// of
		// before stay as they are
		putUnless(json, "l1", all.l1(), 0);
		putUnless(json, "l2", all.l2(), 0);
		json.put("initial_step", this.configuration.initialStep());
		this.configuration.ttl().ifPresent((ttl) -> json.put("ttl_seconds", ttl.toSeconds()));
		if (flat) {
			put(json, this.starts.getFirst());
		}
		else {
			ObjectNode tensors = json.putObject("tensors");
			for (int i = 0; i < layout.tensors().size(); i++) {
				TensorSpec tensor = layout.tensors().get(i);
				put(put(tensors.putObject(tensor.name()), tensor, all), this.starts.get(i));
			}
		}
		return JSON.writeValueAsString(json);
	}

	private static ObjectNode put(ObjectNode json, TensorSpec tensor, Hyperparameters all) {
		ArrayNode shape = json.putArray("shape");
		tensor.shape().forEach(shape::add);
		if (tensor.rowWise()) {
			json.put("accumulator", "row");
		}
		if (tensor.frozen()) {
			json.put("frozen", true);
		}
		Hyperparameters own = tensor.hyperparameters();
		putUnless(json, "learning_rate_scale", own.learningRateScale(), all.learningRateScale());
		putUnless(json, "weight_decay", own.weightDecay(), all.weightDecay());
		putUnless(json, "l1", own.l1(), all.l1());
		putUnless(json, "l2", own.l2(), all.l2());
		if (!own.clipping().equals(all.clipping())) {
			put(json, own.clipping());
		}
		return json;
	}

	private static void put(ObjectNode json, Start start) {
		start.G().ifPresent((rule) -> put(json, "initial_accumulator_value", rule));
		start.parameter().ifPresent((rule) -> put(json, "initial_parameter_value", rule));
	}

	private static void put(ObjectNode json, String name, Initial.Rule rule) {
		switch (rule) {
			case Initial.Constant(double value) -> json.put(name, value);
			case Initial.Uniform(double low, double high, long seed) -> {
				ObjectNode uniform = json.putObject("initial_parameter");
				uniform.putArray("uniform").add(low).add(high);
				uniform.put("seed", seed);
			}
		}
	}

	private static void put(ObjectNode json, Clipping clipping) {
		switch (clipping) {
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
	}

	private static void putUnless(ObjectNode json, String name, double value, double understood) {
		if (value != understood) {
			json.put(name, value);
		}
	}

	private static Clipping clipping(JsonNode json, Clipping understood) {
		if (json.has("clip_value")) {
			return new Clipping.ByValue(json.required("clip_value").doubleValue());
		}
		if (json.has("clip_norm")) {
			return new Clipping.ByNorm(json.required("clip_norm").doubleValue(), json.has("clip_norm_scope")
					? Clipping.Scope.valueOf(constant(json.required("clip_norm_scope"))) : Clipping.Scope.GLOBAL);
		}
		return understood;
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
