package dev.adagrad.session.store.postgresql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.caller.Quotas;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Version;
import dev.adagrad.session.store.ManagedStore;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.tensor.DType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static dev.adagrad.session.store.Fixtures.adding;
import static dev.adagrad.session.store.Fixtures.at;
import static dev.adagrad.session.store.Fixtures.blocks;
import static dev.adagrad.session.store.Fixtures.constant;
import static dev.adagrad.session.store.Fixtures.constants;
import static dev.adagrad.session.store.Fixtures.digest;
import static dev.adagrad.session.store.Fixtures.G;
import static dev.adagrad.session.store.Fixtures.id;
import static dev.adagrad.session.store.Fixtures.key;
import static dev.adagrad.session.store.Fixtures.whole;
import static dev.adagrad.session.store.TuningBuilder.tuned;
import static org.assertj.core.api.Assertions.assertThat;

/// Each statement about one session is for one of several servers, which the plans say that PostgreSQL makes.
class ShardPlansTest {

	/// A table on one of the servers, as plans name it.
	private static final Pattern PARTITION = Pattern.compile("\\.(?:sessions|chunks|step_keys|garbage)_(\\d)\\b");

	private static final Pattern TABLE = Pattern.compile("\\b(?:sessions|chunks|step_keys|garbage)\\b");

	/// More chunks than are put as values.
	private static final int MANY = 60;

	private static ShardedServers servers;

	@BeforeAll
	static void start() {
		servers = new ShardedServers();
	}

	@AfterAll
	static void stop() {
		servers.close();
	}

	@Test
	void everyStatementAboutASessionIsForOneServer() {
		ShardedServers.Tables tables = servers.newTables();
		try (HikariDataSource pool = tables.pool();
				ManagedStore store = new PostgresSessionStore(pool, new SessionsProperties(true, 1, Duration.ZERO),
						tuned().chunkBytes(64).sweepInterval(Duration.ofDays(1)).build(), Quotas.NONE, false)) {
			servers.takePlans();
			Set<String> used = new TreeSet<>();
			for (String session : List.of("a", "b", "c", "d", "e", "f")) {
				List<Long> chunksBefore = tables.rows("chunks");
				List<String> plans = new ArrayList<>();
				store.create(constants(session, MANY * 8, DType.F64, 1, 0));
				plans.addAll(servers.takePlans());
				int atCreation = statements(plans);
				// often enough for plans that do not depend on the values
				for (int i = 0; i < 8; i++) {
					store.step(id(session), key(2L * i), adding(1, at(3, 400), digest(1)));
					store.step(id(session), key(2L * i + 1), adding(1, new Selection.All(), digest(1)));
					store.step(id(session), key(2L * i + 1), adding(1, new Selection.All(), digest(1)));
				}
				store.step(id(session), key(99),
						adding(1, at(IntStream.range(0, 50).mapToLong((i) -> 8L * i).toArray()), digest(1)));
				assertThat(G(store, session)).startsWith(10, 9, 9, 17).hasSize(MANY * 8);
				store.restore(id(session), (old) -> {
				}, new Version(3, "other"), whole(blocks(constant(DType.F64, MANY * 8, 2), 100),
						Optional.of(blocks(constant(DType.F64, MANY * 8, 3), 100))));
				store.find(id(session));
				store.delete(id(session), Optional.of((old) -> {
				}));
				plans.addAll(servers.takePlans());
				assertThat(statements(plans) - atCreation).as("statements that were seen").isGreaterThan(100);
				Set<String> shards = new TreeSet<>();
				for (String plan : plans) {
					Set<String> each = shards(plan);
					assertThat(each).as(plan).hasSizeLessThanOrEqualTo(1);
					shards.addAll(each);
				}
				assertThat(shards).as("servers of session " + session).hasSize(1);
				used.addAll(shards);
				int shard = Integer.parseInt(shards.iterator().next());
				assertThat(added(chunksBefore, tables.rows("chunks"))).as("chunks of session " + session)
					.isEqualTo((shard == 0) ? List.of(2L * MANY, 0L) : List.of(0L, 2L * MANY));
			}
			assertThat(used).as("servers that were used").containsExactly("0", "1");
		}
	}

	private static List<Long> added(List<Long> before, List<Long> after) {
		return IntStream.range(0, before.size()).mapToObj((i) -> after.get(i) - before.get(i)).toList();
	}

	/// How many statements were about our tables.
	private static int statements(List<String> plans) {
		return (int) plans.stream().filter((plan) -> TABLE.matcher(plan).find()).count();
	}

	/// The servers that a plan names.
	private static Set<String> shards(String plan) {
		Set<String> found = new TreeSet<>();
		for (Matcher each = PARTITION.matcher(plan); each.find();) {
			found.add(each.group(1));
		}
		return found;
	}

}
