package dev.adagrad.session.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.kernel.WeightDecayMode;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Initial;
import dev.adagrad.session.Layout;
import dev.adagrad.session.Start;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.tensor.DType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/// The configuration of a session and its initial values, as one line of JSON. The column `configuration` holds it,
/// under the names of the HTTP contract, with its own version:
///
/// `{"version":1,"size":3,"dtype":"F64","holds_parameter":true,…}` for one flat array without a name, as in the first
/// release, and
///
/// `{"version":2,"dtype":"F64",…,"tensors":{"w":{"shape":[784,128],"weight_decay":0.0,…},…}}` for all others. A tensor
/// has only what differs from the session's settings. A tensor without a name is named "".
///
/// Doubles are written in the shortest form that reads back to the same bits.
///
/// @param configuration what the session was created with
/// @param starts what its tensors started from
record ConfigurationJson(Configuration configuration, List<Start> starts) {

	private static final int FLAT = 1;

	private static final int TENSORS = 2;

	private static final String ROW = "row";

	/// Members in the order of the components, without those that are null.
	private static final JsonMapper JSON = JsonMapper.builder()
		.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
		.changeDefaultPropertyInclusion((all) -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
		.disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
		.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
		.enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
		.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.build();

	/// @throws IllegalArgumentException if this is no configuration of a known version
	/// @throws tools.jackson.core.JacksonException if something is missing
	static ConfigurationJson read(String text) {
		Stored stored = JSON.readValue(text, Stored.class);
		if (stored.version != FLAT && stored.version != TENSORS) {
			throw new IllegalArgumentException(
					"a configuration of version " + FLAT + " or " + TENSORS + " is needed, was: " + text);
		}
		Hyperparameters all = stored.hyperparameters();
		List<TensorSpec> tensors = new ArrayList<>();
		List<Start> starts = new ArrayList<>();
		stored.each().forEach((name, tensor) -> {
			tensors.add(tensor.spec(name, all));
			starts.add(tensor.start());
		});
		Layout layout = tensors.getFirst().name().isEmpty() ? Layout.alone(tensors.getFirst()) : Layout.named(tensors);
		Configuration configuration = new Configuration(layout, DType.valueOf(stored.dtype), stored.holdsParameter, all,
				stored.initialStep, Optional.ofNullable(stored.ttlSeconds).map(Duration::ofSeconds));
		return new ConfigurationJson(configuration, List.copyOf(starts));
	}

	String write() {
		Layout layout = this.configuration.layout();
		Hyperparameters all = this.configuration.hyperparameters();
		Map<String, StoredTensor> tensors = new LinkedHashMap<>();
		for (int i = 0; i < layout.tensors().size(); i++) {
			TensorSpec tensor = layout.tensors().get(i);
			tensors.put(tensor.name(), StoredTensor.of(tensor, all, this.starts.get(i)));
		}
		return JSON.writeValueAsString(Stored.of(this.configuration, tensors));
	}

	/// Null if the value is the one that a missing value means.
	private static @Nullable Double unless(double value, double understood) {
		return (value != understood) ? value : null;
	}

	private static double or(@Nullable Double value, double understood) {
		return (value != null) ? value : understood;
	}

	private static @Nullable Double constant(Optional<Initial.Rule> rule) {
		return (rule.orElse(null) instanceof Initial.Constant(double value)) ? value : null;
	}

	/// The line. `size` and what follows `ttlSeconds`, except `tensors`, are of version
	/// 1; `tensors` is of version 2. Additions of later releases are left out if they are
	/// not used, so that older rows stay as they are.
	private record Stored(int version, @Nullable Long size, String dtype, boolean holdsParameter, double learningRate,
			double epsilon, EpsilonPlacement epsilonPlacement, double lrDecay, double weightDecay,
			WeightDecayMode weightDecayMode, boolean maximize, @Nullable Double clipValue, @Nullable Double clipNorm,
			Clipping.@Nullable Scope clipNormScope, @Nullable Double l1, @Nullable Double l2, long initialStep,
			@Nullable Long ttlSeconds, @Nullable Double initialAccumulatorValue, @Nullable Double initialParameterValue,
			@Nullable Map<String, StoredTensor> tensors) {

		/// Values that are not numbers are null if they are missing.
		Stored {
			Objects.requireNonNull(dtype, "dtype");
			Objects.requireNonNull(epsilonPlacement, "epsilon_placement");
			Objects.requireNonNull(weightDecayMode, "weight_decay_mode");
		}

		static Stored of(Configuration configuration, Map<String, StoredTensor> tensors) {
			Hyperparameters all = configuration.hyperparameters();
			StoredTensor first = tensors.values().iterator().next();
			boolean flat = !configuration.layout().isNamed() && first.isFlat();
			StoredClipping clipping = StoredClipping.of(all.clipping());
			return new Stored(flat ? FLAT : TENSORS, flat ? configuration.size() : null, configuration.dtype().name(),
					configuration.holdsParameter(), all.learningRate(), all.epsilon(), all.epsilonPlacement(),
					all.lrDecay(), all.weightDecay(), all.weightDecayMode(), all.maximize(), clipping.value,
					clipping.norm, clipping.scope, unless(all.l1(), 0), unless(all.l2(), 0),
					configuration.initialStep(), configuration.ttl().map(Duration::toSeconds).orElse(null),
					flat ? first.initialAccumulatorValue : null, flat ? first.initialParameterValue : null,
					flat ? null : tensors);
		}

		Hyperparameters hyperparameters() {
			return new Hyperparameters(this.learningRate, this.epsilon, this.epsilonPlacement, this.lrDecay,
					this.weightDecay, this.weightDecayMode, this.maximize,
					new StoredClipping(this.clipValue, this.clipNorm, this.clipNormScope).or(new Clipping.None()),
					or(this.l1, 0), or(this.l2, 0), 1);
		}

		/// The tensors by their names, of either version.
		Map<String, StoredTensor> each() {
			if (this.size != null) {
				return Map.of("", new StoredTensor(List.of(this.size), null, null, null, null, null, null, null, null,
						null, this.initialAccumulatorValue, this.initialParameterValue, null));
			}
			return Objects.requireNonNull(this.tensors);
		}

	}

	/// A tensor, with its settings that differ from the session's.
	private record StoredTensor(List<Long> shape, @Nullable String accumulator, @Nullable Boolean frozen,
			@Nullable Double learningRateScale, @Nullable Double weightDecay, @Nullable Double l1, @Nullable Double l2,
			@Nullable Double clipValue, @Nullable Double clipNorm, Clipping.@Nullable Scope clipNormScope,
			@Nullable Double initialAccumulatorValue, @Nullable Double initialParameterValue,
			@Nullable StoredUniform initialParameter) {

		static StoredTensor of(TensorSpec tensor, Hyperparameters all, Start start) {
			Hyperparameters own = tensor.hyperparameters();
			StoredClipping clipping = own.clipping().equals(all.clipping()) ? new StoredClipping(null, null, null)
					: StoredClipping.of(own.clipping());
			StoredUniform uniform = (start.parameter().orElse(null) instanceof Initial.Uniform rule)
					? new StoredUniform(List.of(rule.low(), rule.high()), rule.seed()) : null;
			return new StoredTensor(tensor.shape(), tensor.rowWise() ? ROW : null, tensor.frozen() ? true : null,
					unless(own.learningRateScale(), all.learningRateScale()),
					unless(own.weightDecay(), all.weightDecay()), unless(own.l1(), all.l1()),
					unless(own.l2(), all.l2()), clipping.value, clipping.norm, clipping.scope, constant(start.G()),
					constant(start.parameter()), uniform);
		}

		/// Whether the first release knew all of this.
		boolean isFlat() {
			return this.shape.size() == 1 && this.accumulator == null && this.frozen == null
					&& this.initialParameter == null;
		}

		TensorSpec spec(String name, Hyperparameters all) {
			Hyperparameters own = new Hyperparameters(all.learningRate(), all.epsilon(), all.epsilonPlacement(),
					all.lrDecay(), or(this.weightDecay, all.weightDecay()), all.weightDecayMode(), all.maximize(),
					new StoredClipping(this.clipValue, this.clipNorm, this.clipNormScope).or(all.clipping()),
					or(this.l1, all.l1()), or(this.l2, all.l2()), or(this.learningRateScale, all.learningRateScale()));
			return new TensorSpec(name, this.shape, ROW.equals(this.accumulator), Boolean.TRUE.equals(this.frozen),
					own);
		}

		Start start() {
			Optional<Initial.Rule> parameter = Optional.ofNullable(this.initialParameterValue)
				.map(Initial.Constant::new);
			return new Start(Optional.ofNullable(this.initialAccumulatorValue).map(Initial.Constant::new),
					parameter.or(() -> Optional.ofNullable(this.initialParameter)
						.map((rule) -> new Initial.Uniform(rule.uniform.get(0), rule.uniform.get(1), rule.seed))));
		}

	}

	private record StoredUniform(List<Double> uniform, long seed) {

	}

	private record StoredClipping(@Nullable Double value, @Nullable Double norm, Clipping.@Nullable Scope scope) {

		static StoredClipping of(Clipping clipping) {
			return switch (clipping) {
				case Clipping.None none -> new StoredClipping(null, null, null);
				case Clipping.ByValue(double limit) -> new StoredClipping(limit, null, null);
				case Clipping.ByNorm(double limit, Clipping.Scope scope) ->
					new StoredClipping(null, limit, (scope != Clipping.Scope.GLOBAL) ? scope : null);
			};
		}

		Clipping or(Clipping understood) {
			if (this.value != null) {
				return new Clipping.ByValue(this.value);
			}
			if (this.norm != null) {
				return new Clipping.ByNorm(this.norm, (this.scope != null) ? this.scope : Clipping.Scope.GLOBAL);
			}
			return understood;
		}

	}

}
