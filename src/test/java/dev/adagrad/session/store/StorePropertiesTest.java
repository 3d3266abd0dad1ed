package dev.adagrad.session.store;

import java.nio.file.Path;
import java.time.Duration;

import dev.adagrad.session.store.StoreProperties.Durability;
import dev.adagrad.session.store.StoreProperties.Kind;
import org.junit.jupiter.api.Test;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/// Settings that cannot be meant stop the start, and name the setting and the value.
class StorePropertiesTest {

	@Test
	void outOfTheirRange() {
		assertThatIllegalArgumentException().isThrownBy(() -> store("", DataSize.ofBytes(0)))
			.withMessageContaining("adagrad.store.path");
		assertThatIllegalArgumentException().isThrownBy(() -> store("data", DataSize.ofBytes(-1)))
			.withMessageContaining("adagrad.store.max-size")
			.withMessageEndingWith("was -1B");
		assertThatIllegalArgumentException().isThrownBy(() -> store("data", DataSize.ofKilobytes(1023)))
			.withMessageContaining("adagrad.store.max-size");
		assertThatIllegalArgumentException().isThrownBy(() -> new SessionsProperties(true, 0, Duration.ZERO))
			.withMessage("adagrad.sessions.remembered-keys must be at least 1, was 0");
	}

	@Test
	void inTheirRange() {
		assertThat(store("data", DataSize.ofMegabytes(1)).maxSize()).isEqualTo(DataSize.ofMegabytes(1));
		assertThat(new SessionsProperties(false, 1, Duration.ZERO).rememberedKeys()).isEqualTo(1);
	}

	private static StoreProperties store(String path, DataSize maxSize) {
		return new StoreProperties(Kind.SQLITE, Path.of(path), Durability.OS, maxSize, DataSize.ofMegabytes(64),
				StoreProperties.CheckAtStart.NONE, false);
	}

}
