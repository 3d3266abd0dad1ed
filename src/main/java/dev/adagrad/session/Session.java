package dev.adagrad.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A session as it stands, but for its tensors.
///
/// @param id its name
/// @param configuration what it was created with
/// @param starts what its tensors started from, in the order of the layout
/// @param initialTensors the digest of the tensors it started from
/// @param version how many steps have been taken, in which incarnation
/// @param incarnationBegan the step at which this incarnation began: `configuration.initialStep()`, or that of the last restore
/// @param allocatedBytes how many bytes of tensors are kept; what was never touched takes none
/// @param createdAt when it was created
/// @param updatedAt when it was created, stepped or restored last
/// @param expiresAt from when on it is gone; empty for never
public record Session(OptimizerId id, Configuration configuration, List<Start> starts, Sha256 initialTensors,
		Version version, long incarnationBegan, long allocatedBytes, Instant createdAt, Instant updatedAt,
		Optional<Instant> expiresAt) {

}
