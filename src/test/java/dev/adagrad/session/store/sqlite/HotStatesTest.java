package dev.adagrad.session.store.sqlite;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.adagrad.session.Session;
import dev.adagrad.session.State;
import dev.adagrad.session.Version;
import dev.adagrad.session.store.Fixtures;
import dev.adagrad.session.store.SessionRow;
import dev.adagrad.tensor.DType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HotStatesTest {

	private static final int SIZE = 10;

	private static final long BYTES = SIZE * 8 + HotStates.ROW_BYTES;

	private long now = Long.MAX_VALUE - 5;

	private final HotStates states = new HotStates(3 * BYTES, () -> this.now);

	/// A session of ten elements of F64, named after its key.
	private static SessionRow row(long key, long step, String incarnation) {
		return row(key, step, incarnation, Optional.empty());
	}

	private static SessionRow row(long key, long step, String incarnation, Optional<Instant> expiresAt) {
		Session session = new Session(Fixtures.id("s" + key), "", Fixtures.configuration(SIZE, DType.F64, false),
				List.of(), Fixtures.digest(0), new Version(step, incarnation), 0, 0, Instant.EPOCH, Instant.EPOCH,
				expiresAt);
		return new SessionRow(0, key, SIZE, 0, 0, 0, 0, session);
	}

	private static SessionRow row(long key) {
		return row(key, 1, "life");
	}

	private void keep(long key) {
		this.states.keep(row(key), state(1));
	}

	private static State state(double value) {
		return new State(Fixtures.constant(DType.F64, SIZE, value), Optional.empty());
	}

	private boolean knows(long key) {
		boolean knows = this.states.find(row(key)).isPresent();
		assertThat(this.states.row(Fixtures.id("s" + key)).isPresent()).isEqualTo(knows);
		return knows;
	}

	@Test
	void findsTheVeryVersionThatWasKept() {
		State state = state(1);
		this.states.keep(row(1, 5, "life"), state);
		assertThat(this.states.find(row(1, 5, "life")))
			.hasValueSatisfying((found) -> assertThat(found).isSameAs(state));
		assertThat(this.states.find(row(1, 4, "life"))).isEmpty();
		assertThat(this.states.find(row(1, 6, "life"))).isEmpty();
		assertThat(this.states.find(row(1, 5, "other"))).isEmpty();
		assertThat(this.states.find(row(2, 5, "life"))).isEmpty();
	}

	@Test
	void findsTheRowByItsId() {
		SessionRow row = row(1, 5, "life");
		this.states.keep(row, state(1));
		assertThat(this.states.row(Fixtures.id("s1"))).hasValueSatisfying((found) -> assertThat(found).isSameAs(row));
		assertThat(this.states.row(Fixtures.id("s2"))).isEmpty();
	}

	@Test
	void theRowOfASessionThatCanExpireIsNotFound() {
		SessionRow row = row(1, 5, "life", Optional.of(Instant.MAX));
		this.states.keep(row, state(1));
		assertThat(this.states.row(Fixtures.id("s1"))).isEmpty();
		assertThat(this.states.find(row)).isPresent();
	}

	@Test
	void anotherStateOfTheSameSessionTakesItsPlace() {
		keep(1);
		this.states.keep(row(1, 2, "life"), state(2));
		assertThat(this.states.find(row(1))).isEmpty();
		assertThat(this.states.find(row(1, 2, "life"))).isPresent();
		assertThat(this.states.bytes()).isEqualTo(BYTES);
	}

	@Test
	void theLeastRecentlyUsedMakesRoom() {
		keep(1);
		keep(2);
		keep(3);
		assertThat(knows(1)).isTrue();
		keep(4);
		assertThat(knows(2)).isFalse();
		assertThat(knows(1) && knows(3) && knows(4)).isTrue();
		assertThat(this.states.bytes()).isEqualTo(3 * BYTES);
	}

	@Test
	void whatIsLargerThanTheRoomIsNotKept() {
		HotStates small = new HotStates(BYTES - 1, () -> this.now);
		small.keep(row(1), state(1));
		assertThat(small.find(row(1))).isEmpty();
		assertThat(small.bytes()).isZero();
	}

	@Test
	void forgets() {
		keep(1);
		keep(2);
		this.states.forget(1);
		this.states.forget(1);
		assertThat(knows(1)).isFalse();
		assertThat(knows(2)).isTrue();
		assertThat(this.states.bytes()).isEqualTo(BYTES);
	}

	@Test
	void whatWasNotCommittedIsForgottenWithAllElse() {
		this.states.begin();
		keep(1);
		this.states.committed();
		this.states.begin();
		assertThat(knows(1)).isTrue();
		keep(2);
		assertThat(knows(2)).as("in the same transaction").isTrue();
		this.states.begin();
		assertThat(knows(1) || knows(2)).isFalse();
		assertThat(this.states.bytes()).isZero();
		keep(3);
		this.states.committed();
		this.states.begin();
		assertThat(knows(3)).isTrue();
	}

	@Test
	void whatIsIdleIsForgottenWhereverTheClockStands() {
		keep(1);
		keep(2);
		this.now += 10;
		assertThat(knows(2)).isTrue();
		this.states.forgetIdle(Duration.ofNanos(11));
		assertThat(knows(2)).isTrue();
		this.now += 9;
		this.states.forgetIdle(Duration.ofNanos(10));
		assertThat(knows(1)).isFalse();
		assertThat(knows(2)).isTrue();
		assertThat(this.states.bytes()).isEqualTo(BYTES);
		this.now += 10;
		this.states.forgetIdle(Duration.ofNanos(10));
		assertThat(this.states.bytes()).isZero();
	}

}
