package dev.adagrad.session.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.adagrad.Json.json;
import static dev.adagrad.session.store.Fixtures.flat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/// What was written once can be read for good: the golden file is not to be changed, but to be joined by another with
/// the next version.
class ConfigurationJsonTest {

	private static final ConfigurationJson FULL = new ConfigurationJson(
			flat(3, DType.F32, true,
					new Hyperparameters(Double.MIN_VALUE, -0.0, EpsilonPlacement.INSIDE_SQRT, 0.1, Double.MAX_VALUE,
							WeightDecayMode.DECOUPLED, true, new Clipping.ByNorm(0.1 + 0.2, Clipping.Scope.GLOBAL)),
					(1L << 53) + 1, Optional.of(Duration.ofDays(1))),
			starts(Optional.of((double) Float.MIN_VALUE), Optional.of(-0.0)));

	private static final ConfigurationJson SPARE = new ConfigurationJson(
			flat(1, DType.F64, false,
					new Hyperparameters(0.01, 1e-8, EpsilonPlacement.OUTSIDE_SQRT, 0, 0, WeightDecayMode.COUPLED, false,
							new Clipping.ByValue(2.5)),
					0, Optional.empty()),
			starts(Optional.empty(), Optional.empty()));

	private static List<Start> starts(Optional<Double> G, Optional<Double> parameter) {
		return List.of(new Start(G.map(Initial.Constant::new), parameter.map(Initial.Constant::new)));
	}

	/// What came later stands there only where it is used: rows of before, and their
	/// checksums, stay as they are.
	@Test
	void whatCameLaterIsKeptWhereItIsUsed() {
		ConfigurationJson later = new ConfigurationJson(flat(1L << 40, DType.F64, false,
				new Hyperparameters(0.01, 1e-8, EpsilonPlacement.OUTSIDE_SQRT, 0, 0, WeightDecayMode.COUPLED, false,
						new Clipping.ByNorm(2, Clipping.Scope.TENSOR), 0.1, 0.2, 1),
				0, Optional.empty()), starts(Optional.of(0.0), Optional.empty()));
		assertThat(later.write()).contains(json("'size':1099511627776,"),
				json("'clip_norm':2.0,'clip_norm_scope':'tensor','l1':0.1,'l2':0.2,"));
		assertThat(ConfigurationJson.read(later.write())).isEqualTo(later);
		assertThat(FULL.write() + SPARE.write()).doesNotContain("l1", "l2", "clip_norm_scope");
	}

	@Test
	void goldenFileOfVersion1() throws IOException {
		List<String> golden;
		try (InputStream file = getClass().getResourceAsStream("/store/configuration-v1.json")) {
			golden = new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
		}
		assertThat(List.of(FULL.write(), SPARE.write())).isEqualTo(golden);
		assertThat(golden.stream().map(ConfigurationJson::read)).containsExactly(FULL, SPARE);
	}

	@Test
	void withoutClipping() {
		ConfigurationJson plain = new ConfigurationJson(
				flat(1, DType.F64, false, Hyperparameters.defaults(), 0, Optional.empty()),
				starts(Optional.of(0.1), Optional.empty()));
		assertThat(ConfigurationJson.read(plain.write())).isEqualTo(plain);
	}

	@Test
	void anotherVersionIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ConfigurationJson.read(SPARE.write().replace(json("'version':1"), json("'version':3"))))
			.withMessageContaining("version 1 or 2");
	}

	/// Of a damaged row nothing is made up.
	@ParameterizedTest
	@ValueSource(strings = { "size", "dtype", "holds_parameter", "learning_rate", "epsilon", "epsilon_placement",
			"lr_decay", "weight_decay", "weight_decay_mode", "maximize", "initial_step" })
	void nothingMayBeMissing(String member) {
		String without = SPARE.write().replaceFirst(json("'" + member + "':[^,}]*,?"), "").replace(",}", "}");
		assertThat(without).doesNotContain(json("'" + member + "'"));
		assertThatException().isThrownBy(() -> ConfigurationJson.read(without));
	}

	private static final ConfigurationJson MODEL = model();

	private static ConfigurationJson model() {
		Hyperparameters all = new Hyperparameters(0.01, 1e-8, EpsilonPlacement.OUTSIDE_SQRT, 0, 0.5,
				WeightDecayMode.COUPLED, false, new Clipping.None(), 0.25, 0, 1);
		Hyperparameters own = new Hyperparameters(0.01, 1e-8, EpsilonPlacement.OUTSIDE_SQRT, 0, 0,
				WeightDecayMode.COUPLED, false, new Clipping.ByValue(3), 0, 0.125, 2);
		Layout layout = Layout.named(List.of(new TensorSpec("params/w:0", List.of(2L, 3L), false, false, all),
				new TensorSpec("b", List.of(), false, true, own),
				new TensorSpec("emb", List.of(1L << 34, 64L), true, false, all)));
		return new ConfigurationJson(new Configuration(layout, DType.F32, true, all, 7, Optional.empty()),
				List.of(new Start(Optional.empty(), Optional.empty()),
						new Start(Optional.of(new Initial.Constant(0)),
								Optional.of(new Initial.Uniform(-0.05, 0.05, -7))),
						new Start(Optional.of(new Initial.Constant(0.5)), Optional.of(new Initial.Constant(1)))));
	}

	private static final ConfigurationJson NUMBER = new ConfigurationJson(
			new Configuration(Layout.alone(new TensorSpec("", List.of(), false, false, Hyperparameters.defaults())),
					DType.F64, false, Hyperparameters.defaults(), 0, Optional.empty()),
			starts(Optional.of(0.1), Optional.empty()));

	@Test
	void goldenFileOfVersion2() throws IOException {
		List<String> golden;
		try (InputStream file = getClass().getResourceAsStream("/store/configuration-v2.json")) {
			golden = new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
		}
		assertThat(List.of(MODEL.write(), NUMBER.write())).isEqualTo(golden);
		assertThat(golden.stream().map(ConfigurationJson::read)).containsExactly(MODEL, NUMBER);
	}

}
