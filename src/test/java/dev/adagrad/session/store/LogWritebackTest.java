package dev.adagrad.session.store;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static dev.adagrad.session.store.Fixtures.await;
import static org.assertj.core.api.Assertions.assertThat;

class LogWritebackTest {

	private final Semaphore begun = new Semaphore(0);

	private final Semaphore end = new Semaphore(0);

	private final LogWriteback writeback = new LogWriteback(() -> {
		this.begun.release();
		this.end.acquireUninterruptibly();
	});

	@AfterEach
	void close() {
		this.end.release(100);
		this.writeback.close();
	}

	private void assertBegins(boolean begins) throws InterruptedException {
		if (begins) {
			assertThat(this.begun.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
		}
		assertThat(this.begun.availablePermits()).isZero();
	}

	/// The end of one is seen when another has begun.
	private void growUntilItBegins(long bytes) {
		await(() -> {
			this.writeback.grown(bytes);
			return this.begun.tryAcquire();
		});
	}

	@Test
	void beginsAfterEachPortionButNeverTwiceAtOnce() throws InterruptedException {
		long portion = LogWriteback.PORTION_BYTES;
		this.writeback.grown(portion - 1);
		assertBegins(false);
		this.writeback.grown(portion);
		assertBegins(true);
		this.writeback.grown(3 * portion);
		assertBegins(false);
		this.end.release();
		growUntilItBegins(3 * portion);
		this.end.release();
	}

	@Test
	void beginsAnewWithTheLog() throws InterruptedException {
		long portion = LogWriteback.PORTION_BYTES;
		this.writeback.grown(8 * portion);
		assertBegins(true);
		this.writeback.grown(1);
		this.end.release();
		growUntilItBegins(portion + 1);
		this.end.release();
	}

}
