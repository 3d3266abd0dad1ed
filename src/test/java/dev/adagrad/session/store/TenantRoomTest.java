package dev.adagrad.session.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.adagrad.caller.Quota;
import dev.adagrad.caller.Tenant;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/// How often tenants are counted, and what they may add in between. Time passes only here.
class TenantRoomTest {

	private static final Tenant A = new Tenant("a");

	private static final Tenant B = new Tenant("b");

	private static final Tenant FREE = new Tenant("free");

	/// What each session of these tests takes: its row, and 2 chunks of 10 elements of 8
	/// bytes.
	private static final long EACH = 4096 + 160;

	private final AtomicLong nanos = new AtomicLong(-5);

	private Connection connection;

	private Database database;

	private TenantRoom room;

	private int counts;

	private Duration countTakes = Duration.ZERO;

	@BeforeEach
	void connect() throws SQLException {
		this.connection = DriverManager.getConnection("jdbc:sqlite::memory:");
		sql("CREATE TABLE sessions (tenant TEXT, configuration TEXT, stored_chunks INTEGER, chunk_elements INTEGER, "
				+ "element_bytes INTEGER)");
		this.database = Database.overDriver((Connection) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("prepareStatement")) {
						this.counts++;
						pass(this.countTakes);
					}
					try {
						return method.invoke(this.connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				}));
		this.room = room(new Quota(3, 3 * EACH, Quota.UNLIMITED, Quota.UNLIMITED));
	}

	private TenantRoom room(Quota quota) {
		return new TenantRoom((tenant) -> tenant.equals(FREE) ? Quota.NONE : quota, this.nanos::get);
	}

	@AfterEach
	void close() throws SQLException {
		this.connection.close();
	}

	private void sql(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/// Another process creates a session.
	private void created(Tenant tenant) throws SQLException {
		sql("INSERT INTO sessions VALUES ('" + tenant + "', '', 2, 10, 8)");
	}

	private void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	private void add(Tenant tenant) throws SQLException {
		this.room.require(this.database, tenant, 1, EACH);
	}

	private Refusal refused(long sessions, long bytes) {
		Refusal refusal = catchThrowableOfType(Refusal.class,
				() -> this.room.require(this.database, A, sessions, bytes));
		assertThat(refusal).isNotNull();
		assertThat(refusal.code()).isEqualTo(Code.QUOTA_EXCEEDED);
		assertThat(refusal.status()).isEqualTo(507);
		return refusal;
	}

	@Test
	void aTenantIsCountedOnceASecondAtMost() throws SQLException {
		add(A);
		pass(Duration.ofSeconds(1));
		add(A);
		assertThat(this.counts).isEqualTo(1);
		pass(Duration.ofNanos(1));
		add(A);
		assertThat(this.counts).as("even if there seems to be room").isEqualTo(2);
		add(B);
		assertThat(this.counts).as("each tenant by itself").isEqualTo(3);
	}

	@Test
	void whatNeedsNoRoomOrHasNoLimitIsNotCounted() throws SQLException {
		this.room.require(this.database, A, 0, 0);
		this.room.require(this.database, A, 0, -1);
		for (int i = 0; i < 9; i++) {
			add(FREE);
		}
		assertThat(this.counts).isZero();
		this.room.require(this.database, A, 0, 1);
		assertThat(this.counts).isEqualTo(1);
		this.room.require(this.database, B, 1, 0);
		assertThat(this.counts).isEqualTo(2);
	}

	@Test
	void whatIsAddedMeanwhileCounts() throws SQLException {
		for (int i = 0; i < 3; i++) {
			add(A);
		}
		pass(Duration.ofMillis(1));
		created(A);
		created(A);
		created(A);
		Refusal refusal = refused(1, EACH);
		assertThat(this.counts).as("counted again before it is refused").isEqualTo(2);
		assertThat(refusal.detail()).contains("has 3 sessions, and may have 3 at most");
		assertThat(refusal.members()).containsEntry("limit", 3L);
		assertThat(refused(0, 1).detail())
			.contains("take " + 3 * EACH + " bytes, and may take " + 3 * EACH + " at most");
		assertThat(refused(0, 1).members()).containsEntry("limit", 3 * EACH);
	}

	@Test
	void whatOthersHaveRemovedIsSeenBeforeARefusal() throws SQLException {
		for (int i = 0; i < 3; i++) {
			created(A);
		}
		this.room.require(this.database, A, 0, 0);
		refused(1, EACH);
		assertThat(this.counts).isEqualTo(1);
		sql("DELETE FROM sessions");
		pass(Duration.ofNanos(1));
		add(A);
		assertThat(this.counts).isEqualTo(2);
	}

	@Test
	void whatIsRemovedGivesRoom() throws SQLException {
		this.countTakes = Duration.ofMillis(100);
		for (int i = 0; i < 3; i++) {
			add(A);
		}
		refused(1, EACH);
		this.room.removed(A, EACH);
		add(A);
		refused(0, 1);
		this.room.removed(B, EACH);
		assertThat(this.counts).as("of a tenant that was not counted there is nothing to correct").isEqualTo(1);
	}

	/// A tenant that is at its limit and calls all the time would be counted all the
	/// time.
	@Test
	void countsTakeATwentiethOfTheTimeAtMost() throws SQLException {
		this.countTakes = Duration.ofMillis(100);
		for (int i = 0; i < 3; i++) {
			created(A);
		}
		refused(1, EACH);
		pass(Duration.ofMillis(1900));
		refused(1, EACH);
		assertThat(this.counts).isEqualTo(1);
		pass(Duration.ofNanos(1));
		refused(1, EACH);
		assertThat(this.counts).isEqualTo(2);
		sql("DELETE FROM sessions");
		pass(Duration.ofMillis(1900));
		refused(1, EACH);
		assertThat(this.counts).as("nor because a second is over").isEqualTo(2);
		pass(Duration.ofNanos(1));
		assertThatNoException().isThrownBy(() -> add(A));
	}

	@Test
	void eachLimitHoldsByItself() throws SQLException {
		this.room = room(new Quota(Quota.UNLIMITED, EACH, Quota.UNLIMITED, Quota.UNLIMITED));
		this.room.require(this.database, A, 5, EACH);
		refused(0, 1);
		this.room = room(new Quota(1, Quota.UNLIMITED, Quota.UNLIMITED, Quota.UNLIMITED));
		this.room.require(this.database, A, 1, 1L << 40);
		this.room.require(this.database, A, 0, 1L << 40);
		refused(1, 0);
	}

	@Test
	void theConfigurationCountsByItsBytes() throws SQLException {
		sql("INSERT INTO sessions VALUES ('a', 'x\u00e4', 1, 10, 4)");
		assertThat(refused(0, 3 * EACH).detail()).contains("take " + (4096 + 3 + 40) + " bytes");
	}

}
