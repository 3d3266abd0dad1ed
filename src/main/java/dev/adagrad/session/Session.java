package dev.adagrad.session;

import java.time.Instant;
import java.util.Optional;

/// A session as it stands, but for its tensors.
///
/// @param id its name
/// @param configuration what it was created with
/// @param initialAccumulatorValue what every element of G started from, unless G was given
/// @param initialParameterValue what every element of a held parameter started from, unless it was given
/// @param initialTensors the digest of the tensors it started from
/// @param version how many steps have been taken, in which incarnation
/// @param incarnationBegan the step at which this incarnation began: `configuration.initialStep()`, or that of the last restore
/// @param createdAt when it was created
/// @param updatedAt when it was created, stepped or restored last
/// @param expiresAt from when on it is gone; empty for never
public record Session(OptimizerId id, Configuration configuration, Optional<Double> initialAccumulatorValue,
		Optional<Double> initialParameterValue, Sha256 initialTensors, Version version, long incarnationBegan,
		Instant createdAt, Instant updatedAt, Optional<Instant> expiresAt) {

}
