package dev.adagrad.session;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A session that is to be created.
///
/// @param id under which
/// @param configuration with what
/// @param incarnation the name of its first incarnation
/// @param G what G starts from, every element ≥ 0, tensor by tensor in the order of the layout
/// @param parameter what the parameter starts from, likewise, exactly where the configuration says that it is held
/// @param initialTensors a digest of all that, equal for equal elements however they were given
public record NewSession(OptimizerId id, Configuration configuration, String incarnation, List<Initial> G,
		Optional<List<Initial>> parameter, Sha256 initialTensors) {

	/// @throws IllegalArgumentException if a parameter is given where none is held, or
	/// none where one is, or not each tensor has its own
	public NewSession {
		int tensors = configuration.layout().tensors().size();
		if (parameter.isPresent() != configuration.holdsParameter() || G.size() != tensors
				|| parameter.map(List::size).orElse(tensors) != tensors) {
			throw new IllegalArgumentException(
					"each tensor must have its G, and its parameter exactly where it is held");
		}
	}

	/// What the tensors start from, as far as rules say it.
	public List<Start> starts() {
		return IntStream.range(0, this.G.size())
			.mapToObj((tensor) -> new Start(this.G.get(tensor).rule(),
					this.parameter.flatMap((each) -> each.get(tensor).rule())))
			.toList();
	}

	/// What a vector starts from; empty where it is not kept.
	public Optional<List<Initial>> of(Vector vector) {
		return switch (vector) {
			case G -> Optional.of(this.G);
			case PARAMETER -> this.parameter;
		};
	}

}
