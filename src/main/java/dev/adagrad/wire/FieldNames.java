package dev.adagrad.wire;

import java.util.List;
import java.util.Set;

import dev.adagrad.refusal.Suggestion;

/// Messages about unknown fields.
final class FieldNames {

	/// Settings of other optimizers, by their names in libraries.
	private static final Set<String> OF_OTHERS = Set.of("momentum", "nesterov", "dampening", "beta1", "beta2", "beta_1",
			"beta_2", "betas", "b1", "b2", "rho", "amsgrad", "centered", "trust_coefficient");

	private FieldNames() {
	}

	/// A message with the known fields and the one that the client probably meant.
	static String unknown(String name, List<MessageField> fields) {
		List<String> names = fields.stream().map(MessageField::name).toList();
		String near = Suggestion.of(name, names).map((hint) -> hint + " ").orElse("");
		String why = OF_OTHERS.contains(name) ? "is an unknown field, since AdaGrad has no such setting; "
				: "is an unknown field; ";
		return why + near + "allowed are " + String.join(", ", names);
	}

}
