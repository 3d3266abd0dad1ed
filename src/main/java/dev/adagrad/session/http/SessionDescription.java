package dev.adagrad.session.http;

import java.time.Duration;
import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.kernel.WeightDecayMode;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Session;
import dev.adagrad.tensor.DType;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// A session as clients see it, but for its tensors: everything in force, defaults and preset filled in.
record SessionDescription(
// @formatter:off
		@NotNull String id,
		long size,
		@NotNull DType dtype,
		long step,
		@JsonProperty("holds_parameter") boolean holdsParameter,
		@JsonProperty("learning_rate") double learningRate,
		double epsilon,
		@JsonProperty("epsilon_placement") @NotNull EpsilonPlacement epsilonPlacement,
		@JsonProperty("lr_decay") double lrDecay,
		@JsonProperty("weight_decay") double weightDecay,
		@JsonProperty("weight_decay_mode") @NotNull WeightDecayMode weightDecayMode,
		double l1,
		double l2,
		boolean maximize,
		@JsonProperty("clip_value") @Nullable Double clipValue,
		@JsonProperty("clip_norm") @Nullable Double clipNorm,
		@JsonProperty("clip_norm_scope") Clipping.@Nullable Scope clipNormScope,
		@JsonProperty("initial_accumulator_value") @Nullable Double initialAccumulatorValue,
		@JsonProperty("initial_parameter_value") @Nullable Double initialParameterValue,
		@JsonProperty("ttl_seconds") @Nullable Long ttlSeconds,
		@JsonProperty("created_at") @NotNull Instant createdAt,
		@JsonProperty("updated_at") @NotNull Instant updatedAt,
		@JsonProperty("expires_at") @Nullable Instant expiresAt) implements Message {
		// @formatter:on

	static SessionDescription of(Session session) {
		Configuration configuration = session.configuration();
		Hyperparameters h = configuration.hyperparameters();
		return new SessionDescription(session.id().value(), configuration.size(), configuration.dtype(),
				session.version().step(), configuration.holdsParameter(), h.learningRate(), h.epsilon(),
				h.epsilonPlacement(), h.lrDecay(), h.weightDecay(), h.weightDecayMode(), h.l1(), h.l2(), h.maximize(),
				(h.clipping() instanceof Clipping.ByValue(double limit)) ? (Double) limit : null,
				(h.clipping() instanceof Clipping.ByNorm byNorm) ? (Double) byNorm.limit() : null,
				(h.clipping() instanceof Clipping.ByNorm byNorm) ? byNorm.scope() : null,
				session.initialAccumulatorValue().orElse(null), session.initialParameterValue().orElse(null),
				configuration.ttl().map(Duration::toSeconds).orElse(null), session.createdAt(), session.updatedAt(),
				session.expiresAt().orElse(null));
	}

}
