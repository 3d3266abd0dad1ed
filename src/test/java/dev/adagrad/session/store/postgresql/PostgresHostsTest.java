package dev.adagrad.session.store.postgresql;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PostgresHostsTest {

	@Test
	void eachServerIsAskedForItself() {
		assertThat(PostgresHosts.single("jdbc:postgresql://a,b:5433,[::1]:5/db?x=1&targetServerType=primary&y=2"))
			.containsExactly("jdbc:postgresql://a/db?x=1&y=2", "jdbc:postgresql://b:5433/db?x=1&y=2",
					"jdbc:postgresql://[::1]:5/db?x=1&y=2");
		assertThat(PostgresHosts.single("jdbc:postgresql:db")).containsExactly("jdbc:postgresql:db");
	}

}
