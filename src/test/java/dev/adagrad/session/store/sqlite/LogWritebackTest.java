package dev.adagrad.session.store.sqlite;

import java.util.concurrent.Semaphore;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static dev.adagrad.session.store.Fixtures.await;
import static org.assertj.core.api.Assertions.assertThat;

class LogWritebackTest {

	private static final long PORTION = LogWriteback.PORTION_BYTES;

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

	/// The end of one is seen when another has begun.
	private void endsAndBegins(long bytes) {
		this.end.release();
		await(() -> this.writeback.grown(bytes));
		this.begun.acquireUninterruptibly();
	}

	@Test
	void beginsAfterEachPortionButNeverTwiceAtOnce() {
		assertThat(this.writeback.grown(PORTION - 1)).isFalse();
		assertThat(this.writeback.grown(PORTION)).isTrue();
		this.begun.acquireUninterruptibly();
		assertThat(this.writeback.grown(3 * PORTION)).isFalse();
		endsAndBegins(3 * PORTION);
		this.end.release();
		assertThat(this.writeback.grown(4 * PORTION - 1)).isFalse();
	}

	@Test
	void beginsAnewWithTheLog() {
		assertThat(this.writeback.grown(8 * PORTION)).isTrue();
		this.begun.acquireUninterruptibly();
		assertThat(this.writeback.grown(1)).isFalse();
		endsAndBegins(PORTION);
	}

}
