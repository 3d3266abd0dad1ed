package dev.adagrad.session;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A session to be created.
///
/// @param id its name
/// @param owner the name of the caller that creates it; empty if nobody asks who that is
/// @param configuration its configuration
/// @param incarnation the name of its first incarnation
/// @param G the initial values of G, every element ≥ 0, tensor by tensor in the order of the layout
/// @param parameter the initial values of the parameter, likewise, exactly if the configuration says that it is held
/// @param initialTensors a digest of all initial values, equal for equal elements however they were given
public record NewSession(OptimizerId id, String owner, Configuration configuration, String incarnation, List<Initial> G,
		Optional<List<Initial>> parameter, Sha256 initialTensors) {

	/// @throws IllegalArgumentException if a parameter is given and none is held, if one
	/// is held and none is given, or if a tensor has no values of its own
	public NewSession {
		int tensors = configuration.layout().tensors().size();
		if (parameter.isPresent() != configuration.holdsParameter() || G.size() != tensors
				|| parameter.map(List::size).orElse(tensors) != tensors) {
			throw new IllegalArgumentException(
					"each tensor must have its G, and its parameter exactly where it is held");
		}
	}

	/// The initial values of the tensors, as far as rules give them.
	public List<Start> starts() {
		return IntStream.range(0, this.G.size())
			.mapToObj((tensor) -> new Start(this.G.get(tensor).rule(),
					this.parameter.flatMap((each) -> each.get(tensor).rule())))
			.toList();
	}

	/// The initial values of a vector; empty if the server does not keep it.
	public Optional<List<Initial>> of(Vector vector) {
		return (vector == Vector.G) ? Optional.of(this.G) : this.parameter;
	}

}
