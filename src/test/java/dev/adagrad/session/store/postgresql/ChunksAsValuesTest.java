package dev.adagrad.session.store.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.caller.Quotas;
import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.Dialect;
import dev.adagrad.session.store.Fixtures;
import dev.adagrad.session.store.Journal;
import dev.adagrad.session.store.KeptStates;
import dev.adagrad.session.store.Operations;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.TuningBuilder;
import dev.adagrad.tensor.DType;
import org.junit.jupiter.api.Test;

import static dev.adagrad.session.store.Fixtures.NO_KEY;
import static dev.adagrad.session.store.Fixtures.adding;
import static dev.adagrad.session.store.Fixtures.at;
import static dev.adagrad.session.store.Fixtures.counting;
import static dev.adagrad.session.store.Fixtures.given;
import static dev.adagrad.session.store.Fixtures.id;
import static org.assertj.core.api.Assertions.assertThat;

/// What is put as rows of values, and not as arrays, is there like the rest. Only Citus gets it so, but PostgreSQL takes it too.
class ChunksAsValuesTest {

	private static final int CHUNK_BYTES = 64;

	/// The 12 chunks of the session are more than these, those of the sparse step are
	/// fewer.
	private static final int ROWS = 8;

	@Test
	void fewChunksAndMany() throws SQLException {
		PostgresServer.Place place = PostgresServer.shared().newPlace();
		try (HikariDataSource pool = place.pool();
				PostgresSessionStore store = new PostgresSessionStore(pool,
						new SessionsProperties(true, 3, Duration.ZERO), TuningBuilder.standard(), Quotas.NONE, false);
				Connection connection = pool.getConnection()) {
			connection.setAutoCommit(false);
			Database database = Database.overDriver(connection, (bytes) -> {
			}, ROWS);
			Operations operations = new Operations(Dialect.POSTGRESQL, KeptStates.NONE, Journal.NONE, CHUNK_BYTES, 3,
					Fixtures.NO_LIMITS);
			operations.create(database, given("a", counting(DType.F64, 48, 0), counting(DType.F64, 48, 100), 8));
			operations.step(database, id("a"), NO_KEY, adding(0.5, at(0, 9, 47)));
			connection.commit();
			assertThat(place.sql("SELECT count(*) FROM chunks")).isEqualTo(List.of(12L));
			double[] expectedG = new double[48];
			double[] expectedParameter = new double[48];
			for (int i = 0; i < 48; i++) {
				double more = (i == 0 || i == 9 || i == 47) ? 0.5 : 0;
				expectedG[i] = i + more;
				expectedParameter[i] = 100 + i - more;
			}
			assertThat(Fixtures.G(store, "a")).isEqualTo(expectedG);
			assertThat(Fixtures.parameter(store, "a")).isEqualTo(expectedParameter);
		}
	}

}
