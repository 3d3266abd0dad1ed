package dev.adagrad.session.store.postgresql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.LongTest;
import dev.adagrad.caller.Quotas;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.Tuning;
import dev.adagrad.session.store.postgresql.PostgresServer.Place;
import dev.adagrad.tensor.DType;
import org.junit.jupiter.api.Test;

import static dev.adagrad.session.store.Fixtures.G;
import static dev.adagrad.session.store.Fixtures.NO_KEY;
import static dev.adagrad.session.store.Fixtures.addingToAll;
import static dev.adagrad.session.store.Fixtures.constants;
import static dev.adagrad.session.store.Fixtures.id;
import static org.assertj.core.api.Assertions.assertThat;

/// How much room dense steps take in PostgreSQL: what they replace is cleared away by the steps themselves, nearly all of it
/// (with rows of 1 MB these 200 steps leave a hundred times their tensors).
class PostgresGrowthTest {

	private static final int SESSIONS = 2;

	@Test
	void someDenseStepsTakeNoRoomForGood() throws Exception {
		step(10_000, 200, 30);
	}

	@LongTest
	@Test
	void manyDenseStepsTakeNoRoomForGoodAndNoMoreTimeInTheEnd() throws Exception {
		for (long[] nanos : step(100_000, 20_000, 10)) {
			int tenth = nanos.length / 10;
			long first = p99(Arrays.copyOf(nanos, tenth));
			long last = p99(Arrays.copyOfRange(nanos, nanos.length - tenth, nanos.length));
			System.out.printf("  p99 %.1f ms in the first tenth, %.1f ms in the last%n", first / 1e6, last / 1e6);
			assertThat(last).isLessThan(3 * first);
		}
	}

	/// @param most how often the room of the tensors there may be in the end
	/// @return how long each step took, of each session
	private static List<long[]> step(int size, int steps, int most) throws Exception {
		// on its own: what transactions of other tests may still see is not cleared away
		try (PostgresServer server = PostgresServer.start()) {
			return step(server.newPlace(), size, steps, most);
		}
	}

	private static List<long[]> step(Place place, int size, int steps, int most) throws Exception {
		try (HikariDataSource pool = place.pool();
				PostgresSessionStore store = new PostgresSessionStore(pool,
						new SessionsProperties(true, 1000, Duration.ZERO), Tuning.postgresql(), Quotas.NONE, false);
				ExecutorService threads = Executors.newFixedThreadPool(SESSIONS)) {
			List<Future<long[]>> clients = new ArrayList<>();
			for (int i = 0; i < SESSIONS; i++) {
				String session = "s" + i;
				store.create(constants(session, size, DType.F64, 0, 0));
				clients.add(threads.submit(() -> step(store, session, steps / SESSIONS)));
			}
			List<long[]> nanos = new ArrayList<>();
			for (Future<long[]> client : clients) {
				nanos.add(client.get());
			}
			long live = place.sql("SELECT sum(octet_length(data)) FROM chunks").getFirst();
			long room = place.sql("SELECT pg_total_relation_size('chunks')").getFirst();
			System.out.printf("  %.1f MB of tensors take %.1f MB after %d steps%n", live / 1e6, room / 1e6, steps);
			assertThat(live).isEqualTo(2L * SESSIONS * size * Double.BYTES);
			assertThat(room).isLessThan(most * live);
			assertThat(G(store, "s0")).containsOnly((double) steps / SESSIONS);
			return nanos;
		}
	}

	private static long[] step(PostgresSessionStore store, String session, int steps) {
		long[] nanos = new long[steps];
		for (int i = 0; i < nanos.length; i++) {
			long begun = System.nanoTime();
			store.step(id(session), NO_KEY, addingToAll(1));
			nanos[i] = System.nanoTime() - begun;
		}
		return nanos;
	}

	private static long p99(long[] nanos) {
		Arrays.sort(nanos);
		return nanos[nanos.length * 99 / 100];
	}

}
