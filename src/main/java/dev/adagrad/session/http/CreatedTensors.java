package dev.adagrad.session.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Place;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.Rules;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Initial;
import dev.adagrad.session.Layout;
import dev.adagrad.session.NewSession;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.session.Vector;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import org.jspecify.annotations.Nullable;

/// Completes what a request to create a session says of its tensors: shapes, settings and initial values.
///
/// 1. A tensor has the shape that the request names. If it names none, the shape of the values given for the tensor
/// counts.
/// 2. A tensor without a setting of its own has the session's.
/// 3. The server holds the parameters of all tensors or of none. It holds them if one tensor has initial values for its
/// parameter.
final class CreatedTensors {

	private final CreateSessionRequest request;

	private final DType dtype;

	private final Hyperparameters all;

	private final long maxSessionElements;

	private final int maxElements;

	private final List<TensorSpec> specs = new ArrayList<>();

	private final List<Initial> sums = new ArrayList<>();

	private final List<Optional<Initial>> parameters = new ArrayList<>();

	/// @param maxSessionElements the most elements of a tensor
	/// @param maxElements the most elements of an entry of a tensor, if a call must carry
	/// it
	CreatedTensors(CreateSessionRequest request, long maxSessionElements, int maxElements) {
		this.request = request;
		this.dtype = Objects.requireNonNullElse(request.dtype(), DType.F64);
		this.all = request.hyperparameters();
		this.maxSessionElements = maxSessionElements;
		this.maxElements = maxElements;
	}

	/// Makes the session.
	/// @param incarnation the name of its first incarnation
	/// @throws Refusal if the request does not describe a valid session
	NewSession session(OptimizerId id, String owner, String incarnation) {
		Map<String, CreateTensorRequest> named = this.request.tensors();
		if (named == null) {
			alone();
		}
		else {
			requireNothingBeside();
			if (named.size() > Layout.MOST_TENSORS) {
				throw Refusal.at(Code.INVALID_FIELD, "/tensors",
						"must name at most " + Layout.MOST_TENSORS + " tensors, names " + named.size());
			}
			new TreeMap<>(named).forEach(this::named);
		}
		boolean held = this.parameters.stream().anyMatch(Optional::isPresent);
		Layout layout = (named != null) ? Layout.named(this.specs) : Layout.alone(this.specs.getFirst());
		Configuration configuration = new Configuration(layout, this.dtype, held, this.all,
				Objects.requireNonNullElse(this.request.step(), 0L),
				Optional.ofNullable(this.request.ttlSeconds()).map(Duration::ofSeconds));
		Optional<List<Initial>> parameter = held ? Optional.of(requireAllHeld()) : Optional.empty();
		return new NewSession(id, owner, configuration, incarnation, this.sums, parameter,
				TensorDigest.of(configuration, this.sums, parameter));
	}

	private List<Initial> requireAllHeld() {
		List<Initial> all = new ArrayList<>();
		for (int i = 0; i < this.parameters.size(); i++) {
			String place = Tensors.place(this.specs.get(i).name());
			all.add(this.parameters.get(i)
				.orElseThrow(() -> Refusal.at(Code.INVALID_FIELD, place + "/parameter", Rules.REQUIRED
						+ ", or initial_parameter_value or initial_parameter: the server holds the parameters of all "
						+ "tensors, or of none, and another one has its own")));
		}
		return all;
	}

	private void requireNothingBeside() {
		String beside = (this.request.size() != null) ? "size"
				: (this.request.G() != null) ? "G" : (this.request.parameter() != null) ? "parameter" : "";
		if (!beside.isEmpty()) {
			throw Refusal.at(Code.INVALID_FIELD, "/tensors", "must not stand beside " + beside);
		}
	}

	private void alone() {
		Blocks<Numbers> G = this.request.G();
		Blocks<Numbers> parameter = this.request.parameter();
		Long size = this.request.size();
		if (size == null && G == null && parameter == null) {
			throw Refusal.at(Code.INVALID_FIELD, "/size", "is required, unless G, parameter or tensors is given");
		}
		if (size != null && (G != null || parameter != null)) {
			throw Refusal.at(Code.INVALID_FIELD, "/size",
					"must not stand beside " + ((G != null) ? "G" : "parameter") + ", which has its own");
		}
		if (G != null && parameter != null && G.size() != parameter.size()) {
			Map<String, Integer> lengths = new LinkedHashMap<>();
			lengths.put("G", G.size());
			lengths.put("parameter", parameter.size());
			throw Refusal.lengths(
					List.of(new Place("/parameter",
							"is an array of length " + parameter.size() + ", but G is an array of length " + G.size())),
					lengths);
		}
		if (G != null && parameter != null && G.shape().isScalar() != parameter.shape().isScalar()) {
			throw Refusal.at(Code.INVALID_FIELD, "/parameter",
					G.shape().isScalar() ? "is an array, but G is a number" : "is a number, but G is an array");
		}
		if (size == null) {
			requireBesideSize("initial_parameter_value", this.request.initialParameterValue());
			requireBesideSize("initial_parameter", this.request.initialParameter());
		}
		Blocks<Numbers> given = (parameter != null) ? parameter : G;
		List<Long> shape = (given == null) ? List.of(Objects.requireNonNull(size))
				: given.shape().isScalar() ? List.of() : List.of((long) given.size());
		requireElements("/size", shape);
		add(new TensorSpec("", shape, false, false, this.all), this.request);
	}

	private void requireBesideSize(String field, @Nullable Object value) {
		if (value != null) {
			throw Refusal.at(Code.INVALID_FIELD, "/" + field,
					"must stand beside size, not beside " + ((this.request.parameter() != null) ? "parameter" : "G"));
		}
	}

	private void named(String name, CreateTensorRequest tensor) {
		String place = Tensors.place(name);
		List<Long> shape = shape(place, tensor);
		requireElements(place + "/shape", shape);
		TensorSpec spec = new TensorSpec(name, shape, tensor.isRowWise(), tensor.isFrozen(),
				tensor.hyperparameters(this.all));
		if (spec.size() > this.maxElements && spec.rowLength() > this.maxElements) {
			throw Refusal.at(Code.INVALID_FIELD, place + "/shape", "has entries of " + spec.rowLength()
					+ " elements along its first axis, and a call carries at most " + this.maxElements);
		}
		requireFit(place + "/parameter", tensor.parameter(), Tensors.Length.of(spec, Vector.PARAMETER));
		requireFit(place + "/G", tensor.G(), Tensors.Length.of(spec, Vector.G));
		add(spec, tensor);
	}

	private static List<Long> shape(String place, CreateTensorRequest tensor) {
		if (tensor.shape() != null) {
			return tensor.shape();
		}
		Blocks<Numbers> given = tensor.parameter();
		if (given == null && !tensor.isRowWise()) {
			given = tensor.G();
		}
		if (given == null) {
			throw Refusal.at(Code.INVALID_FIELD, place + "/shape", "is required, unless parameter is given");
		}
		return given.shape().dimensions().stream().map(Integer::longValue).toList();
	}

	/// Refuses values of a tensor that are neither flat nor of its shape.
	private static void requireFit(String pointer, @Nullable Blocks<Numbers> given, Tensors.Length needed) {
		if (given != null) {
			needed.require(pointer, given.shape());
		}
	}

	private void requireElements(String pointer, List<Long> shape) {
		long size = 1;
		for (long dimension : shape) {
			if (dimension > this.maxSessionElements / size) {
				throw Refusal.at(Code.INVALID_FIELD, pointer,
						(shape.size() == 1) ? "must be ≤ " + this.maxSessionElements + ", was " + dimension
								: "must have at most " + this.maxSessionElements + " elements, was " + shape);
			}
			size *= dimension;
		}
	}

	private void add(TensorSpec spec, CreatedTensor tensor) {
		this.specs.add(spec);
		this.sums.add(sums(Tensors.place(spec.name()), tensor));
		this.parameters.add(parameter(Tensors.place(spec.name()), tensor));
	}

	private Initial sums(String place, CreatedTensor tensor) {
		Blocks<Numbers> G = tensor.G();
		Double own = tensor.initialAccumulatorValue();
		if (G != null) {
			if (own != null) {
				throw Refusal.at(Code.INVALID_FIELD, place + "/initial_accumulator_value", "must not stand beside G");
			}
			return new Initial.Given(Tensors.of(this.dtype, place + "/G", G, true));
		}
		if (own != null) {
			return constant(place + "/initial_accumulator_value", own);
		}
		Double understood = this.request.initialAccumulatorValue();
		if (understood == null) {
			understood = (this.request.preset() != null) ? this.request.preset().initialAccumulatorValue() : 0.0;
		}
		return constant("/initial_accumulator_value", understood);
	}

	private Optional<Initial> parameter(String place, CreatedTensor tensor) {
		requireOneStart(place, tensor);
		if (tensor.parameter() != null) {
			return Optional
				.of(new Initial.Given(Tensors.of(this.dtype, place + "/parameter", tensor.parameter(), false)));
		}
		if (tensor.initialParameterValue() != null) {
			return Optional.of(constant(place + "/initial_parameter_value", tensor.initialParameterValue()));
		}
		if (tensor.initialParameter() != null) {
			return Optional.of(uniform(place + "/initial_parameter", tensor.initialParameter()));
		}
		return place.isEmpty() ? Optional.empty() : parameter("", this.request);
	}

	private static void requireOneStart(String place, CreatedTensor tensor) {
		if (tensor.parameter() != null && tensor.initialParameterValue() != null) {
			throw Refusal.at(Code.INVALID_FIELD, place + "/initial_parameter_value", "must not stand beside parameter");
		}
		if (tensor.initialParameter() != null
				&& (tensor.parameter() != null || tensor.initialParameterValue() != null)) {
			throw Refusal.at(Code.INVALID_FIELD, place + "/initial_parameter", "must not stand beside "
					+ ((tensor.parameter() != null) ? "parameter" : "initial_parameter_value"));
		}
	}

	private Initial uniform(String pointer, InitialParameter rule) {
		if (rule.uniform().size() != 2) {
			throw Refusal.at(Code.INVALID_FIELD, pointer + "/uniform",
					"must be two numbers, where the values begin and where they end, was " + rule.uniform());
		}
		double low = rule.uniform().getFirst();
		double high = rule.uniform().getLast();
		if (!Initial.Uniform.isRange(low, high)) {
			throw Refusal.at(Code.INVALID_FIELD, pointer + "/uniform",
					(low > high) ? "must begin at the smaller one, was " + rule.uniform()
							: "must be less than the range of F64 apart, was " + rule.uniform());
		}
		for (int i = 0; i < 2; i++) {
			requireFits(pointer + "/uniform/" + i, rule.uniform().get(i));
		}
		return new Initial.Uniform(low, high, rule.seed());
	}

	private Initial constant(String pointer, double value) {
		requireFits(pointer, value);
		return new Initial.Constant(this.dtype.round(value));
	}

	private void requireFits(String pointer, double value) {
		if (Double.isInfinite(this.dtype.round(value))) {
			throw Refusal.at(Code.INVALID_FIELD, pointer, "must fit " + this.dtype + ", was " + value);
		}
	}

}
