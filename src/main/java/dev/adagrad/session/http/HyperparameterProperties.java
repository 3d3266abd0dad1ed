package dev.adagrad.session.http;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.wire.WireNames;

/// Hyperparameters by their names on the wire, for a message that tells two apart.
final class HyperparameterProperties {

	private HyperparameterProperties() {
	}

	static Map<String, Object> of(Hyperparameters h) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("learning_rate", h.learningRate());
		properties.put("epsilon", h.epsilon());
		properties.put("epsilon_placement", WireNames.of(h.epsilonPlacement()));
		properties.put("lr_decay", h.lrDecay());
		properties.put("weight_decay", h.weightDecay());
		properties.put("weight_decay_mode", WireNames.of(h.weightDecayMode()));
		properties.put("l1", h.l1());
		properties.put("l2", h.l2());
		properties.put("maximize", h.maximize());
		properties.put("clip_value", (h.clipping() instanceof Clipping.ByValue(double limit)) ? limit : "none");
		properties.put("clip_norm", (h.clipping() instanceof Clipping.ByNorm byNorm) ? byNorm.limit() : "none");
		properties.put("clip_norm_scope",
				(h.clipping() instanceof Clipping.ByNorm byNorm) ? WireNames.of(byNorm.scope()) : "none");
		return properties;
	}

}
