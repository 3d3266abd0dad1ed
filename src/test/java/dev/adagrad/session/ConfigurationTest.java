package dev.adagrad.session;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.adagrad.caller.Tenant;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.tensor.DType;

import org.junit.jupiter.api.Test;

import static dev.adagrad.session.store.Fixtures.flat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/// What can be no session, and no state of one.
class ConfigurationTest {

	private static Configuration of(int size, long step, Optional<Duration> ttl) {
		return flat(size, DType.F64, false, Hyperparameters.defaults(), step, ttl);
	}

	@Test
	void cannotBeOutOfRange() {
		assertThat(of(1, 0, Optional.of(Duration.ofSeconds(1))).size()).isEqualTo(1);
		assertThatIllegalArgumentException().isThrownBy(() -> of(0, 0, Optional.empty()))
			.withMessage("no shape of 1 to 1099511627776 elements: [0]");
		assertThatIllegalArgumentException().isThrownBy(() -> of(1, -1, Optional.empty()))
			.withMessage("the initial step must be >= 0, was -1");
		for (Duration ttl : new Duration[] { Duration.ZERO, Duration.ofSeconds(-1), Duration.ofMillis(1500) }) {
			assertThatIllegalArgumentException().isThrownBy(() -> of(1, 0, Optional.of(ttl)))
				.withMessage("ttl must be whole seconds > 0, was " + ttl);
		}
	}

	@Test
	void aParameterIsGivenExactlyWhereItIsHeld() {
		assertThatIllegalArgumentException().isThrownBy(() -> new NewSession(new OptimizerId(Tenant.DEFAULT, "s"), "",
				of(1, 0, Optional.empty()), "life", List.of(new Initial.Constant(0)),
				Optional.of(List.of(new Initial.Constant(0))), Sha256.ofBytes(new byte[32])));
	}

	@Test
	void whatIsUnavailableTellsWhetherSomethingMayHaveChanged() {
		assertThat(SessionRefusals.notApplied("gone", null).detail()).endsWith("this call was not applied");
		assertThat(SessionRefusals.unknown("gone", null).detail()).endsWith("is not known");
	}

	@Test
	void aDigestIsItsBytes() {
		byte[] bytes = new byte[32];
		bytes[31] = 1;
		Sha256 digest = Sha256.ofBytes(bytes);
		assertThat(digest.toBytes()).isEqualTo(bytes).isNotSameAs(bytes);
		assertThat(digest).isEqualTo(Sha256.ofBytes(bytes))
			.hasSameHashCodeAs(Sha256.ofBytes(bytes))
			.isNotEqualTo(Sha256.ofBytes(new byte[32]));
		assertThat(digest.hashCode()).isNotEqualTo(Sha256.ofBytes(new byte[32]).hashCode());
		assertThat(digest).hasToString("0".repeat(63) + "1");
		assertThatIllegalArgumentException().isThrownBy(() -> Sha256.ofBytes(new byte[31]))
			.withMessage("a digest has 32 bytes, not 31");
	}

}
