package dev.adagrad.session.store.postgresql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.adagrad.refusal.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static dev.adagrad.session.store.Fixtures.await;
import static dev.adagrad.session.store.Fixtures.id;
import static org.assertj.core.api.Assertions.assertThat;

/// Callers of one session, who wait for each other, and for a store that answers or does not.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionLocksTest {

	private static final int TIMES = 3;

	private static final long PATIENCE_MILLIS = 40;

	private final AtomicLong progress = new AtomicLong();

	private final AtomicInteger asked = new AtomicInteger();

	private final AtomicBoolean answers = new AtomicBoolean(true);

	private final SessionLocks locks = new SessionLocks(PATIENCE_MILLIS, TIMES, this.progress::get, () -> {
		this.asked.incrementAndGet();
		return this.answers.get();
	});

	@Test
	void onlyOneHoldsASessionAndOthersAreFree() {
		try (var _ = this.locks.hold(id("a")); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<?> other = threads.submit(() -> this.locks.hold(id("b")).close());
			assertThat(other).succeedsWithin(Duration.ofSeconds(10));
			long begun = System.nanoTime();
			assertRefused(Code.SESSION_BUSY, threads.submit(() -> this.locks.hold(id("a"))));
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).as("its patience")
				.isGreaterThanOrEqualTo(Duration.ofMillis(TIMES * PATIENCE_MILLIS));
		}
		assertThat(this.asked).as("nothing has moved, so the store was asked each time").hasValue(TIMES);
	}

	/// It is not the others' fault then.
	@Test
	void whereTheStoreAnswersNobodyThatIsSaidAtOnce() {
		this.answers.set(false);
		try (var _ = this.locks.hold(id("a")); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			assertRefused(Code.STORE_UNAVAILABLE, threads.submit(() -> this.locks.hold(id("a"))));
		}
		assertThat(this.asked).hasValue(1);
	}

	@Test
	void whileTheStoreAnswersOthersItIsNotAsked() {
		this.answers.set(false);
		SessionLocks moving = new SessionLocks(PATIENCE_MILLIS, TIMES, this.progress::incrementAndGet, () -> {
			this.asked.incrementAndGet();
			return false;
		});
		try (var _ = moving.hold(id("a")); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			assertRefused(Code.SESSION_BUSY, threads.submit(() -> moving.hold(id("a"))));
		}
		assertThat(this.asked).hasValue(0);
	}

	/// The holder ends when the store is asked for the last time but one.
	@Test
	void whoIsPatientGetsASessionThatComesFree() {
		CountDownLatch last = new CountDownLatch(1);
		SessionLocks patient = new SessionLocks(PATIENCE_MILLIS, 1000, this.progress::get, () -> {
			if (this.asked.incrementAndGet() == TIMES) {
				last.countDown();
			}
			return true;
		});
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<?> holder = threads.submit(() -> {
				try (var _ = patient.hold(id("a"))) {
					this.progress.incrementAndGet();
					return last.await(30, TimeUnit.SECONDS);
				}
			});
			await(() -> this.progress.get() == 1);
			patient.hold(id("a")).close();
			assertThat(holder).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
		}
		assertThat(patient.sessions()).isZero();
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

	/// Again and again, since who waits may wake up in time by chance.
	@Test
	void whoHasJustHadASessionWaitsBehindWhoWaitsForIt() throws Exception {
		SessionLocks patient = new SessionLocks(30_000, 1, this.progress::get, () -> true);
		SessionLocks.Held held = patient.hold(id("a"));
		for (int round = 1; round <= 100; round++) {
			Thread caller = Thread.ofPlatform().start(() -> {
				try (var _ = patient.hold(id("a"))) {
					this.progress.incrementAndGet();
				}
			});
			await(() -> caller.getState() == Thread.State.TIMED_WAITING);
			held.close();
			held = patient.hold(id("a"));
			assertThat(this.progress).hasValue(round);
			caller.join();
		}
		held.close();
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

	/// Nor is it forgotten while it is held, since another caller would take it for free.
	@Test
	void whoIsRefusedLeavesNothingBehind() {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			try (var _ = this.locks.hold(id("a"))) {
				assertRefused(Code.SESSION_BUSY, threads.submit(() -> this.locks.hold(id("a"))));
				this.answers.set(false);
				assertRefused(Code.STORE_UNAVAILABLE, threads.submit(() -> this.locks.hold(id("a"))));
				Future<Boolean> interrupted = threads.submit(() -> {
					Thread.currentThread().interrupt();
					assertThatRefusal(Code.STORE_UNAVAILABLE, () -> this.locks.hold(id("a")));
					return Thread.currentThread().isInterrupted();
				});
				assertThat(interrupted).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
				assertThat(this.locks.sessions()).isEqualTo(1);
			}
			assertThat(this.locks.sessions()).isZero();
			this.locks.hold(id("a")).close();
		}
	}

	private static void assertRefused(Code code, Future<?> call) {
		assertThatRefusal(code, () -> {
			try {
				call.get(10, TimeUnit.SECONDS);
			}
			catch (ExecutionException ex) {
				throw ex.getCause();
			}
		});
	}

}
