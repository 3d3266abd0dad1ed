package dev.adagrad.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class TurnsTest {

	private static final Duration NEVER = Duration.ofHours(1);

	private final List<String> seen = new CopyOnWriteArrayList<>();

	private Turns turns = new Turns(1, Duration.ZERO, NEVER);

	@AfterEach
	void close() {
		this.turns.close();
	}

	@Test
	void tasksBeginInTheOrderInWhichTheyCame() throws InterruptedException {
		CountDownLatch gate = new CountDownLatch(1);
		CountDownLatch done = new CountDownLatch(20);
		run(() -> await(gate), done);
		for (int i = 1; i < 20; i++) {
			String name = "task " + i;
			run(() -> this.seen.add(name), done);
		}
		assertThat(this.seen).isEmpty();
		gate.countDown();
		done.await();
		assertThat(this.seen).hasSize(19)
			.isSortedAccordingTo((a, b) -> Integer.parseInt(a.substring(5)) - Integer.parseInt(b.substring(5)));
	}

	@Test
	void noMoreRunThanMay() throws InterruptedException {
		close();
		this.turns = new Turns(3, Duration.ZERO, NEVER);
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		CountDownLatch done = new CountDownLatch(300);
		for (int i = 0; i < 300; i++) {
			run(() -> {
				for (int round = 0; round < 5; round++) {
					most.accumulateAndGet(running.incrementAndGet(), Math::max);
					LockSupport.parkNanos(10_000);
					running.decrementAndGet();
					Turns.current().pass();
				}
			}, done);
		}
		done.await();
		assertThat(most).hasValue(3);
	}

	@Test
	void whoPassesGoesToTheEnd() throws InterruptedException {
		CountDownLatch gate = new CountDownLatch(1);
		CountDownLatch done = new CountDownLatch(3);
		run(() -> {
			await(gate);
			this.seen.add("a1");
			Turns.current().pass();
			this.seen.add("a2");
		}, done);
		run(() -> {
			this.seen.add("b1");
			Turns.current().pass();
			this.seen.add("b2");
		}, done);
		run(() -> this.seen.add("c"), done);
		gate.countDown();
		done.await();
		assertThat(this.seen).containsExactly("a1", "b1", "c", "a2", "b2");
	}

	@Test
	void theNextRequestOfATaskWaitsForTheOthers() throws InterruptedException {
		CountDownLatch gate = new CountDownLatch(1);
		CountDownLatch done = new CountDownLatch(2);
		run(() -> {
			await(gate);
			for (int request = 1; request <= 3; request++) {
				Turns.current().begin();
				this.seen.add("connection a, request " + request);
				Turns.current().end();
			}
		}, done);
		run(() -> this.seen.add("connection b"), done);
		gate.countDown();
		done.await();
		assertThat(this.seen).containsExactly("connection a, request 1", "connection b", "connection a, request 2",
				"connection a, request 3");
	}

	@Test
	void aTaskGoesOnWithItsConnectionForAWhile() throws InterruptedException {
		close();
		this.turns = new Turns(1, NEVER, NEVER);
		CountDownLatch gate = new CountDownLatch(1);
		CountDownLatch done = new CountDownLatch(2);
		run(() -> {
			await(gate);
			for (int request = 1; request <= 3; request++) {
				Turns.current().begin();
				this.seen.add("connection a, request " + request);
				Turns.current().end();
			}
		}, done);
		run(() -> this.seen.add("connection b"), done);
		gate.countDown();
		done.await();
		assertThat(this.seen).containsExactly("connection a, request 1", "connection a, request 2",
				"connection a, request 3", "connection b");
	}

	@Test
	void whoWaitsForSomethingElseLetsOthersRun() throws InterruptedException {
		CountDownLatch answer = new CountDownLatch(1);
		CountDownLatch done = new CountDownLatch(2);
		run(() -> {
			Turns.current().leave();
			Turns.current().leave();
			await(answer);
			Turns.current().take();
			this.seen.add("answered");
		}, done);
		run(() -> {
			this.seen.add("other");
			answer.countDown();
		}, done);
		done.await();
		assertThat(this.seen).containsExactly("other", "answered");
		assertOneAtATime();
	}

	@Test
	void whoHasLeftMayEndWithoutATurn() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(10);
		for (int i = 0; i < 10; i++) {
			run(() -> Turns.current().leave(), done);
		}
		done.await();
		assertOneAtATime();
	}

	@Test
	void aTaskThatThrowsGivesItsTurnBack() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		this.turns.execute(() -> {
			Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> this.seen.add("thrown"));
			throw new IllegalStateException("as it must");
		});
		run(() -> this.seen.add("next"), done);
		done.await();
		assertThat(this.seen).contains("next");
	}

	@Test
	void whereAllWaitWithoutHavingSaidSoOneMoreIsLetIn() throws InterruptedException {
		close();
		this.turns = new Turns(2, Duration.ZERO, Duration.ofMillis(5));
		CountDownLatch gate = new CountDownLatch(1);
		CountDownLatch done = new CountDownLatch(3);
		run(() -> await(gate), done);
		run(() -> await(gate), done);
		// only the third can open the gate
		run(gate::countDown, done);
		done.await();
	}

	@Test
	void onlyWhoWaitsForItsClientCanBeToldNotTo() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		run(() -> {
			Turns.Turn turn = Turns.current();
			turn.giveUp();
			this.seen.add("computes " + turn.isGivenUp() + Thread.interrupted());
			turn.leaveForClient();
			turn.giveUp();
			this.seen.add("waits " + turn.isGivenUp() + Thread.currentThread().isInterrupted());
			// what the client sent has come in time all the same
			turn.take();
			this.seen.add("computes again " + turn.isGivenUp() + Thread.interrupted());
		}, done);
		done.await();
		assertThat(this.seen).containsExactly("computes falsefalse", "waits truetrue", "computes again falsefalse");
	}

	@Test
	void whoWaitsForItsClientAgainAndAgainHasWaitedSinceTheFirstTime() throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		run(() -> {
			Turns.Turn turn = Turns.current();
			this.seen.add("computes " + turn.nanosWithoutClient());
			turn.leaveForClient();
			LockSupport.parkNanos(20_000_000);
			long waited = turn.nanosWithoutClient();
			turn.leaveForClient();
			this.seen.add("longer " + (turn.nanosWithoutClient() >= waited));
			turn.take();
			this.seen.add("computes " + turn.nanosWithoutClient());
		}, done);
		done.await();
		assertThat(this.seen).containsExactly("computes 0", "longer true", "computes 0");
	}

	@Test
	void outsideOfATaskThereIsNothingToWaitFor() {
		Turns.current().begin();
		Turns.current().end();
		Turns.current().pass();
		Turns.current().leave();
		Turns.current().take();
	}

	/// Nothing was lost and nothing doubled: exactly one may run.
	private void assertOneAtATime() throws InterruptedException {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		CountDownLatch done = new CountDownLatch(10);
		for (int i = 0; i < 10; i++) {
			run(() -> {
				most.accumulateAndGet(running.incrementAndGet(), Math::max);
				LockSupport.parkNanos(100_000);
				running.decrementAndGet();
			}, done);
		}
		done.await();
		assertThat(most).hasValue(1);
	}

	private void run(Runnable task, CountDownLatch done) {
		this.turns.execute(() -> {
			try {
				task.run();
			}
			finally {
				done.countDown();
			}
		});
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

}
