package dev.adagrad.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A session as it is now, without its tensors.
///
/// @param id its name
/// @param owner the name of the caller that created it; empty if nobody asked who that was
/// @param configuration what it was created with
/// @param starts the initial values of its tensors, in the order of the layout
/// @param initialTensors the digest of the initial values of its tensors
/// @param version how many steps have been taken, in which incarnation
/// @param incarnationBegan the step at which this incarnation began: `configuration.initialStep()`, or that of the last
/// restore
/// @param allocatedBytes how many bytes of tensors are kept; untouched elements take none
/// @param createdAt when it was created
/// @param updatedAt when it was last created, stepped or restored
/// @param expiresAt when it expires; empty for never
public record Session(OptimizerId id, String owner, Configuration configuration, List<Start> starts,
		Sha256 initialTensors, Version version, long incarnationBegan, long allocatedBytes, Instant createdAt,
		Instant updatedAt, Optional<Instant> expiresAt) {

}
