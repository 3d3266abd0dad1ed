package dev.adagrad.session.http;

import java.util.List;
import java.util.Map;

import dev.adagrad.caller.Tenant;
import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.Initial;
import dev.adagrad.session.NewSession;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.Numbers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CreateSessionRequestTest {

	private static CreateSessionRequest request(@Nullable Long size, int G, int parameter, @Nullable Double initialG,
			@Nullable Double initialParameter) {
		return new CreateSessionRequest(size, blocks(G), blocks(parameter), initialG, initialParameter, null, null,
				null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
	}

	private static @Nullable Blocks<Numbers> blocks(int size) {
		return (size > 0) ? Blocks.of(DoubleTensor.vector(new double[size])) : null;
	}

	private static Refusal refusal(CreateSessionRequest request) {
		try {
			new CreatedTensors(request, 20, 10).session(new OptimizerId(Tenant.DEFAULT, "s"), "", "life");
		}
		catch (Refusal ex) {
			return ex;
		}
		throw new AssertionError("not refused");
	}

	private static void assertRefused(CreateSessionRequest request, String pointer, String detail) {
		assertThat(refusal(request)).hasMessage(pointer + " " + detail)
			.extracting(Refusal::code)
			.isEqualTo(Code.INVALID_FIELD);
	}

	private static void assertTaken(CreateSessionRequest request) {
		assertThat(new CreatedTensors(request, 20, 10).session(new OptimizerId(Tenant.DEFAULT, "s"), "", "life")
			.configuration()
			.size()).isEqualTo(3);
	}

	@Test
	void aSizeOrTensorsMustBeGiven() {
		assertTaken(request(3L, 0, 0, null, null));
		assertTaken(request(3L, 0, 0, 0.5, 0.5));
		assertTaken(request(null, 3, 0, null, null));
		assertTaken(request(null, 0, 3, 0.5, null));
		assertTaken(request(null, 3, 3, null, null));
		assertRefused(request(null, 0, 0, null, null), "/size", "is required, unless G, parameter or tensors is given");
		assertRefused(request(3L, 3, 0, null, null), "/size", "must not stand beside G, which has its own");
		assertRefused(request(3L, 0, 3, null, null), "/size", "must not stand beside parameter, which has its own");
		assertRefused(request(null, 3, 0, 0.5, null), "/initial_accumulator_value", "must not stand beside G");
		assertRefused(request(null, 3, 0, null, 0.5), "/initial_parameter_value",
				"must stand beside size, not beside G");
		assertRefused(request(null, 0, 3, null, 0.5), "/initial_parameter_value",
				"must stand beside size, not beside parameter");
	}

	@Test
	void tensorsMustBeOfOneLength() {
		Refusal refusal = refusal(request(null, 3, 2, null, null));
		assertThat(refusal).hasMessage("/parameter is an array of length 2, but G is an array of length 3");
		assertThat(refusal.code()).isEqualTo(Code.LENGTH_MISMATCH);
		assertThat(refusal.members()).containsEntry("lengths", Map.of("G", 3, "parameter", 2));
	}

	/// What a named tensor breaks, its place, and what is said of it.
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"{'tensors':{'w':{'shape':[2]}},'size':2} | /tensors | must not stand beside size",
			"{'tensors':{'w':{'shape':[2]}},'G':[1]} | /tensors | must not stand beside G",
			"{'tensors':{'w':{'shape':[2]}},'parameter':[1]} | /tensors | must not stand beside parameter",
			"{'tensors':{'w':{}}} | /tensors/w/shape | is required, unless parameter is given",
			"{'tensors':{'w':{'G':[1],'accumulator':'row'}}} | /tensors/w/shape | is required, unless parameter is given",
			"{'tensors':{'a/w':{'shape':[3,7]}}} | /tensors/a~1w/shape | must have at most 20 elements, was [3, 7]",
			"{'tensors':{'w':{'shape':[21]}}} | /tensors/w/shape | must be ≤ 20, was 21",
			"{'tensors':{'w':{'shape':[1,15]}}} | /tensors/w/shape | has entries of 15 elements along its first axis, and a call carries at most 10",
			"{'tensors':{'w':{'shape':[2],'parameter':[1,2],'initial_parameter_value':1}}} | /tensors/w/initial_parameter_value | must not stand beside parameter",
			"{'tensors':{'w':{'shape':[2],'parameter':[1,2],'initial_parameter':{'uniform':[0,1],'seed':1}}}} | /tensors/w/initial_parameter | must not stand beside parameter",
			"{'tensors':{'w':{'shape':[2],'initial_parameter_value':1,'initial_parameter':{'uniform':[0,1],'seed':1}}}} | /tensors/w/initial_parameter | must not stand beside initial_parameter_value",
			"{'tensors':{'w':{'shape':[2]}},'initial_parameter_value':1,'initial_parameter':{'uniform':[0,1],'seed':1}} | /initial_parameter | must not stand beside initial_parameter_value",
			"{'tensors':{'w':{'shape':[2],'initial_parameter':{'uniform':[1],'seed':1}}}} | /tensors/w/initial_parameter/uniform | must be two numbers, where the values begin and where they end, was [1.0]",
			"{'tensors':{'w':{'shape':[2],'initial_parameter':{'uniform':[1,0],'seed':1}}}} | /tensors/w/initial_parameter/uniform | must begin at the smaller one, was [1.0, 0.0]",
			"{'tensors':{'w':{'shape':[2],'initial_parameter':{'uniform':[-1e308,1e308],'seed':1}}}} | /tensors/w/initial_parameter/uniform | must be less than the range of F64 apart, was [-1.0E308, 1.0E308]",
			"{'dtype':'F32','tensors':{'w':{'shape':[2],'initial_parameter':{'uniform':[0,1e39],'seed':1}}}} | /tensors/w/initial_parameter/uniform/1 | must fit F32, was 1.0E39",
			"{'tensors':{'w':{'shape':[2],'parameter':[1,2]},'b':{'shape':[2]}}} | /tensors/b/parameter | is required, or initial_parameter_value or initial_parameter: the server holds the parameters of all tensors, or of none, and another one has its own",
			"{'tensors':{'w':{'shape':[2],'G':[1,2],'initial_accumulator_value':1}}} | /tensors/w/initial_accumulator_value | must not stand beside G",
			"{'size':2,'initial_parameter_value':1,'initial_parameter':{'uniform':[0,1],'seed':1}} | /initial_parameter | must not stand beside initial_parameter_value",
			"{'parameter':[1,2],'initial_parameter':{'uniform':[0,1],'seed':1}} | /initial_parameter | must stand beside size, not beside parameter" })
	void whatANamedTensorBreaks(String request, String pointer, String detail) {
		assertRefused(Requests.create(request), pointer, detail);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"{'tensors':{'w':{'shape':[2,2],'parameter':[1,2]}}} | /tensors/w/parameter | is an array of length 2, but the tensor's shape is [2, 2]",
			"{'tensors':{'w':{'shape':[2,2],'accumulator':'row','G':[1,2,3,4]}}} | /tensors/w/G | is an array of length 4, but the tensor's shape is [2, 2], with one G for each of its 2 rows" })
	void whatIsGivenHasTheShape(String request, String pointer, String detail) {
		assertThat(refusal(Requests.create(request))).hasMessage(pointer + " " + detail)
			.extracting(Refusal::code)
			.isEqualTo(Code.LENGTH_MISMATCH);
	}

	/// What is not set for a tensor is the session's; a name of its own overrides it.
	@Test
	void aTensorHasItsOwnSettings() {
		NewSession session = new CreatedTensors(Requests.create("""
				{'tensors':{'w':{'parameter':[1,2],'shape':[2,1],'weight_decay':0,'clip_value':3,'l1':0.5,
				'learning_rate_scale':0.25,'frozen':true,'initial_accumulator_value':7},'b':{'parameter':5,'l2':0.75}},
				'weight_decay':0.1,'clip_value':2,'initial_accumulator_value':9,'preset':'keras'}
				"""), 20, 10).session(new OptimizerId(Tenant.DEFAULT, "s"), "", "life");
		Hyperparameters all = session.configuration().hyperparameters();
		assertThat(session.configuration().layout().tensors()).containsExactly(
				new TensorSpec("b", List.of(), false, false,
						new Hyperparameters(0.001, 1e-7, all.epsilonPlacement(), 0, 0.1, all.weightDecayMode(), false,
								new Clipping.ByValue(2), 0, 0.75, 1)),
				new TensorSpec("w", List.of(2L, 1L), false, true,
						new Hyperparameters(0.001, 1e-7, all.epsilonPlacement(), 0, 0, all.weightDecayMode(), false,
								new Clipping.ByValue(3), 0.5, 0, 0.25)));
		assertThat(session.starts().getFirst().G()).hasValue(new Initial.Constant(9));
		assertThat(session.starts().getLast().G()).hasValue(new Initial.Constant(7));
	}

	@Test
	void whatGStartsFromIsOfThePresetUnlessItIsNamed() {
		assertThat(startOfG("{'size':3}")).isEqualTo(new Initial.Constant(0));
		assertThat(startOfG("{'size':3,'initial_accumulator_value':0.5,'preset':'keras'}"))
			.isEqualTo(new Initial.Constant(0.5));
		assertThat(startOfG("{'size':3,'preset':'keras'}")).isEqualTo(new Initial.Constant(0.1));
	}

	private static Initial startOfG(String request) {
		return new CreatedTensors(Requests.create(request), 20, 10)
			.session(new OptimizerId(Tenant.DEFAULT, "s"), "", "life")
			.G()
			.getFirst();
	}

	/// One block, and what it is made into: twice the larger of both tensors.
	@Test
	void theMemoryOfARequestIsKnownBefore() {
		assertThat(request(3L, 0, 0, null, null).workingBytes()).isZero();
		assertThat(request(null, 3, 0, null, null).workingBytes()).isEqualTo(2 * 24);
		assertThat(request(null, 0, 4, null, null).workingBytes()).isEqualTo(2 * 32);
		Blocks<Numbers> three = Blocks.of(DoubleTensor.vector(1, 2, 3));
		assertThat(new RestoreRequest(1L, null, three, null, null, null).workingBytes()).isEqualTo(2 * 24);
		assertThat(new RestoreRequest(1L, null, three, blocks(4), null, null).workingBytes()).isEqualTo(2 * 32);
	}

}
