package dev.adagrad.session.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Layout;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.wire.WireNames;

/// The differences between two configurations, by the names of the contract.
final class Differences {

	private Differences() {
	}

	/// Each difference in a few words; none if the two are equal.
	static List<String> between(Configuration session, Configuration asked) {
		List<String> differences = new ArrayList<>();
		Layout was = session.layout();
		Layout is = asked.layout();
		if (was.isNamed() != is.isNamed()) {
			differences.add(was.isNamed() ? "it has named tensors, not one without a name"
					: "it has one tensor without a name, not named ones");
		}
		else if (!was.isNamed()) {
			add(differences, "", shape(session), shape(asked));
		}
		add(differences, "", properties(session), properties(asked));
		if (was.isNamed() && is.isNamed()) {
			for (TensorSpec tensor : was.tensors()) {
				String place = Tensors.place(tensor.name());
				is.find(tensor.name())
					.ifPresentOrElse((other) -> add(differences, place + "/", properties(tensor),
							properties(is.tensors().get(other))), () -> differences.add(place + " is missing"));
			}
			for (TensorSpec tensor : is.tensors()) {
				if (was.find(tensor.name()).isEmpty()) {
					differences.add("there was no " + Tensors.place(tensor.name()));
				}
			}
		}
		return differences;
	}

	private static void add(List<String> differences, String place, Map<String, Object> was,
			Map<String, Object> asked) {
		was.forEach((name, value) -> {
			if (!value.equals(asked.get(name))) {
				differences.add(place + name + " was " + value + ", not " + asked.get(name));
			}
		});
	}

	/// The shape of a session of one tensor without a name.
	private static Map<String, Object> shape(Configuration configuration) {
		Map<String, Object> shape = new LinkedHashMap<>();
		shape.put("size", configuration.size());
		shape.put("shape", configuration.layout().tensors().getFirst().shape().isEmpty() ? "a number" : "an array");
		return shape;
	}

	private static Map<String, Object> properties(Configuration configuration) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("dtype", configuration.dtype());
		properties.put("holds_parameter", configuration.holdsParameter());
		properties.put("step", configuration.initialStep());
		properties.put("ttl_seconds", configuration.ttl().<Object>map(Duration::toSeconds).orElse("none"));
		Hyperparameters h = configuration.hyperparameters();
		properties.put("learning_rate", h.learningRate());
		properties.put("epsilon", h.epsilon());
		properties.put("epsilon_placement", WireNames.of(h.epsilonPlacement()));
		properties.put("lr_decay", h.lrDecay());
		properties.put("weight_decay_mode", WireNames.of(h.weightDecayMode()));
		properties.put("maximize", h.maximize());
		properties.put("clip_norm", (h.clipping() instanceof Clipping.ByNorm byNorm) ? byNorm.limit() : "none");
		properties.put("clip_norm_scope",
				(h.clipping() instanceof Clipping.ByNorm byNorm) ? WireNames.of(byNorm.scope()) : "none");
		putOwn(properties, h);
		return properties;
	}

	private static Map<String, Object> properties(TensorSpec tensor) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("shape", tensor.shape());
		properties.put("accumulator", tensor.rowWise() ? "row" : "element");
		properties.put("frozen", tensor.frozen());
		properties.put("learning_rate_scale", tensor.hyperparameters().learningRateScale());
		putOwn(properties, tensor.hyperparameters());
		return properties;
	}

	/// The settings that a tensor may have of its own.
	private static void putOwn(Map<String, Object> properties, Hyperparameters h) {
		properties.put("weight_decay", h.weightDecay());
		properties.put("l1", h.l1());
		properties.put("l2", h.l2());
		properties.put("clip_value", (h.clipping() instanceof Clipping.ByValue(double limit)) ? limit : "none");
	}

}
