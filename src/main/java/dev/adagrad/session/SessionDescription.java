package dev.adagrad.session;

import java.time.Duration;
import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.kernel.WeightDecayMode;
import dev.adagrad.request.HyperparameterTexts;
import dev.adagrad.tensor.DType;
import dev.adagrad.wire.Message;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// A session as clients see it, but for its tensors: everything in force, defaults and preset filled in.
@Schema(description = SessionTexts.DESCRIPTION)
record SessionDescription(
// @formatter:off
		@Schema(description = SessionTexts.ID)
		@NotNull String id,
		@Schema(description = SessionTexts.SIZE_OF, requiredMode = Schema.RequiredMode.REQUIRED)
		int size,
		@Schema(description = SessionTexts.DTYPE)
		@NotNull DType dtype,
		@Schema(description = SessionTexts.STATE_STEP, requiredMode = Schema.RequiredMode.REQUIRED)
		long step,
		@Schema(description = SessionTexts.HOLDS_PARAMETER, requiredMode = Schema.RequiredMode.REQUIRED)
		@JsonProperty("holds_parameter") boolean holdsParameter,
		@Schema(description = "η.", requiredMode = Schema.RequiredMode.REQUIRED)
		@JsonProperty("learning_rate") double learningRate,
		@Schema(description = "ε.", requiredMode = Schema.RequiredMode.REQUIRED)
		double epsilon,
		@Schema(description = "Where ε stands: √G + ε or √(G + ε).")
		@JsonProperty("epsilon_placement") @NotNull EpsilonPlacement epsilonPlacement,
		@Schema(description = HyperparameterTexts.LR_DECAY, requiredMode = Schema.RequiredMode.REQUIRED)
		@JsonProperty("lr_decay") double lrDecay,
		@Schema(description = HyperparameterTexts.WEIGHT_DECAY, requiredMode = Schema.RequiredMode.REQUIRED)
		@JsonProperty("weight_decay") double weightDecay,
		@Schema(description = "Where λ acts.")
		@JsonProperty("weight_decay_mode") @NotNull WeightDecayMode weightDecayMode,
		@Schema(description = HyperparameterTexts.MAXIMIZE, requiredMode = Schema.RequiredMode.REQUIRED)
		boolean maximize,
		@Schema(description = HyperparameterTexts.CLIP_VALUE)
		@JsonProperty("clip_value") @Nullable Double clipValue,
		@Schema(description = HyperparameterTexts.CLIP_NORM)
		@JsonProperty("clip_norm") @Nullable Double clipNorm,
		@Schema(description = SessionTexts.STARTED_FROM_G)
		@JsonProperty("initial_accumulator_value") @Nullable Double initialAccumulatorValue,
		@Schema(description = SessionTexts.STARTED_FROM_PARAMETER)
		@JsonProperty("initial_parameter_value") @Nullable Double initialParameterValue,
		@Schema(description = SessionTexts.TTL_SECONDS)
		@JsonProperty("ttl_seconds") @Nullable Long ttlSeconds,
		@Schema(description = SessionTexts.CREATED_AT)
		@JsonProperty("created_at") @NotNull Instant createdAt,
		@Schema(description = SessionTexts.UPDATED_AT)
		@JsonProperty("updated_at") @NotNull Instant updatedAt,
		@Schema(description = SessionTexts.EXPIRES_AT)
		@JsonProperty("expires_at") @Nullable Instant expiresAt) implements Message {
		// @formatter:on

	static SessionDescription of(Session session) {
		Configuration configuration = session.configuration();
		Hyperparameters h = configuration.hyperparameters();
		return new SessionDescription(session.id().value(), configuration.size(), configuration.dtype(),
				session.version().step(), configuration.holdsParameter(), h.learningRate(), h.epsilon(),
				h.epsilonPlacement(), h.lrDecay(), h.weightDecay(), h.weightDecayMode(), h.maximize(),
				(h.clipping() instanceof Clipping.ByValue(double limit)) ? (Double) limit : null,
				(h.clipping() instanceof Clipping.ByNorm(double limit)) ? (Double) limit : null,
				session.initialAccumulatorValue().orElse(null), session.initialParameterValue().orElse(null),
				configuration.ttl().map(Duration::toSeconds).orElse(null), session.createdAt(), session.updatedAt(),
				session.expiresAt().orElse(null));
	}

}
