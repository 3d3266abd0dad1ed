package dev.adagrad.session.http;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.kernel.WeightDecayMode;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Initial;
import dev.adagrad.session.Layout;
import dev.adagrad.session.Session;
import dev.adagrad.session.Start;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.tensor.DType;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// A session as clients see it, without the elements of its tensors: everything in force, with defaults and preset
/// filled in.
///
/// @param size the number of elements of all tensors together
/// @param shape an empty list if the one tensor is a bare number
/// @param allocatedBytes how many bytes of the tensors are kept; untouched elements take no room
/// @param tensors each named tensor
record SessionDescription(
// @formatter:off
		@NotNull String id,
		long size,
		@Nullable List<Long> shape,
		@NotNull DType dtype,
		long step,
		@JsonProperty("holds_parameter") boolean holdsParameter,
		@JsonProperty("allocated_bytes") long allocatedBytes,
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
		@JsonProperty("initial_parameter") @Nullable InitialParameter initialParameter,
		@JsonProperty("ttl_seconds") @Nullable Long ttlSeconds,
		@JsonProperty("created_at") @NotNull Instant createdAt,
		@JsonProperty("updated_at") @NotNull Instant updatedAt,
		@JsonProperty("expires_at") @Nullable Instant expiresAt,
		@Nullable Map<String, TensorDescription> tensors) implements Message {
		// @formatter:on

	static SessionDescription of(Session session) {
		Configuration configuration = session.configuration();
		Layout layout = configuration.layout();
		Hyperparameters h = configuration.hyperparameters();
		TensorSpec first = layout.tensors().getFirst();
		Start start = layout.isNamed() ? new Start(Optional.empty(), Optional.empty()) : session.starts().getFirst();
		return new SessionDescription(session.id().value(), configuration.size(),
				(!layout.isNamed() && first.shape().isEmpty()) ? first.shape() : null, configuration.dtype(),
				session.version().step(), configuration.holdsParameter(), session.allocatedBytes(), h.learningRate(),
				h.epsilon(), h.epsilonPlacement(), h.lrDecay(), h.weightDecay(), h.weightDecayMode(), h.l1(), h.l2(),
				h.maximize(), clipValue(h),
				(h.clipping() instanceof Clipping.ByNorm byNorm) ? (Double) byNorm.limit() : null,
				(h.clipping() instanceof Clipping.ByNorm byNorm) ? byNorm.scope() : null,
				constant(start.G(), configuration.dtype()), constant(start.parameter(), configuration.dtype()),
				uniform(start.parameter()), configuration.ttl().map(Duration::toSeconds).orElse(null),
				session.createdAt(), session.updatedAt(), session.expiresAt().orElse(null),
				layout.isNamed() ? tensors(session) : null);
	}

	private static Map<String, TensorDescription> tensors(Session session) {
		Map<String, TensorDescription> tensors = new LinkedHashMap<>();
		List<TensorSpec> specs = session.configuration().layout().tensors();
		for (int i = 0; i < specs.size(); i++) {
			tensors.put(specs.get(i).name(),
					TensorDescription.of(specs.get(i), session.starts().get(i), session.configuration().dtype()));
		}
		return tensors;
	}

	static @Nullable Double clipValue(Hyperparameters h) {
		return (h.clipping() instanceof Clipping.ByValue(double limit)) ? (Double) limit : null;
	}

	/// In the fewest digits that read back to the same value of the dtype.
	static @Nullable Double constant(Optional<Initial.Rule> rule, DType dtype) {
		return switch (rule.orElse(null)) {
			case Initial.Constant(double value) ->
				(dtype == DType.F32) ? Double.valueOf(Float.toString((float) value)) : (Double) value;
			case Initial.Uniform uniform -> null;
			case null -> null;
		};
	}

	static @Nullable InitialParameter uniform(Optional<Initial.Rule> rule) {
		return (rule.orElse(null) instanceof Initial.Uniform(double low, double high, long seed))
				? new InitialParameter(List.of(low, high), seed) : null;
	}

}
