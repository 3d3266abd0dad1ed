package dev.adagrad.session.store.postgresql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.adagrad.refusal.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static dev.adagrad.session.store.Fixtures.await;
import static dev.adagrad.session.store.Fixtures.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// Callers of one session, who wait for each other, and for a store that answers or does not.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionLocksTest {

	private static final int TIMES = 3;

	private final AtomicLong progress = new AtomicLong();

	private final AtomicInteger asked = new AtomicInteger();

	private final AtomicBoolean answers = new AtomicBoolean(true);

	private final SessionLocks locks = new SessionLocks(40, TIMES, this.progress::get, () -> {
		this.asked.incrementAndGet();
		return this.answers.get();
	});

	@Test
	void onlyOneHoldsASessionAndOthersAreFree() {
		try (var _ = this.locks.hold(id("a")); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<?> other = threads.submit(() -> this.locks.hold(id("b")).close());
			assertThat(other).succeedsWithin(java.time.Duration.ofSeconds(10));
			Future<?> same = threads.submit(() -> this.locks.hold(id("a")).close());
			assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
				.isThrownBy(() -> same.get(10, TimeUnit.SECONDS))
				.withCauseInstanceOf(Refusal.class);
		}
		assertThat(this.asked).as("nothing has moved, so the store was asked each time").hasValue(TIMES);
	}

	/// It is not the others' fault then.
	@Test
	void whereTheStoreAnswersNobodyThatIsSaidAtOnce() {
		this.answers.set(false);
		try (var _ = this.locks.hold(id("a")); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<?> same = threads.submit(() -> this.locks.hold(id("a")));
			assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
				.isThrownBy(() -> same.get(10, TimeUnit.SECONDS))
				.withCauseInstanceOf(Refusal.class);
		}
		assertThat(this.asked).hasValue(1);
	}

	@Test
	void whileTheStoreAnswersOthersItIsNotAsked() {
		this.answers.set(false);
		SessionLocks moving = new SessionLocks(40, TIMES, this.progress::incrementAndGet, () -> {
			this.asked.incrementAndGet();
			return false;
		});
		try (var _ = moving.hold(id("a")); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<?> same = threads.submit(() -> moving.hold(id("a")));
			assertThatExceptionOfType(java.util.concurrent.ExecutionException.class)
				.isThrownBy(() -> same.get(10, TimeUnit.SECONDS))
				.withCauseInstanceOf(Refusal.class);
		}
		assertThat(this.asked).hasValue(0);
	}

	/// Nor does who has just had it go before who waits.
	@Test
	void theyComeInTheirOrder() throws Exception {
		SessionLocks patient = new SessionLocks(30_000, 1, this.progress::get, () -> true);
		List<Integer> order = Collections.synchronizedList(new ArrayList<>());
		List<Thread> callers = new ArrayList<>();
		SessionLocks.Held first = patient.hold(id("a"));
		for (int i = 0; i < 20; i++) {
			int number = i;
			Thread caller = Thread.ofPlatform().start(() -> {
				try (var _ = patient.hold(id("a"))) {
					order.add(number);
				}
			});
			callers.add(caller);
			await(() -> caller.getState() == Thread.State.TIMED_WAITING);
		}
		first.close();
		try (var _ = patient.hold(id("a"))) {
			order.add(20);
		}
		for (Thread caller : callers) {
			caller.join();
		}
		assertThat(order).isSorted().hasSize(21);
	}

	@Test
	void aSessionThatNobodyCallsIsForgotten() {
		for (int i = 0; i < 100; i++) {
			this.locks.hold(id("s" + i)).close();
		}
		SessionLocks.Held held = this.locks.hold(id("a"));
		assertThat(this.locks.sessions()).isEqualTo(1);
		held.close();
		assertThat(this.locks.sessions()).isZero();
	}

}
