package dev.adagrad.session.http;

import java.util.List;

import dev.adagrad.request.Rules;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.NotNull;

/// Evenly spread initial values of a held parameter. Each is computed from its index alone, see
/// [dev.adagrad.session.Uniform].
///
/// @param uniform the lower and the upper bound of the values
/// @param seed of the values
record InitialParameter(
// @formatter:off
		@NotNull(message = Rules.REQUIRED) List<Double> uniform,
		@NotNull(message = Rules.REQUIRED) Long seed) implements Message {
		// @formatter:on

}
