package dev.adagrad.server;

import java.net.SocketTimeoutException;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// Answers of which the client has 20 s beyond 1000 bytes a second.
class PacedAnswerTest {

	private long now;

	private final PacedAnswer answer = new PacedAnswer(new Pace(1000, Duration.ofSeconds(20), Duration.ofMinutes(10)),
			() -> this.now);

	@Test
	void whoTakesAFewBytesNowAndThenIsTooSlow() throws SocketTimeoutException {
		this.answer.taken(10_000_000);
		waits(10);
		this.answer.taken(10);
		waits(9);
		this.answer.taken(10);
		this.answer.taken(0);
		pass(2);
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> this.answer.taken(10));
	}

	@Test
	void whoTakesEnoughMayTakeTime() throws SocketTimeoutException {
		for (int i = 0; i < 100; i++) {
			waits(5);
			this.answer.taken(5000);
		}
	}

	/// Whether it was waited for each of them or not.
	@Test
	void allBytesSinceTheFirstWaitCount() throws SocketTimeoutException {
		waits(15);
		this.answer.taken(10);
		this.answer.taken(100_000);
		waits(100);
		this.answer.taken(10);
		this.answer.taken(0);
		pass(6);
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> this.answer.taken(10));
	}

	@Test
	void theTimeOfTheServerDoesNotCount() throws SocketTimeoutException {
		waits(5);
		this.answer.taken(10);
		pass(1000);
		this.answer.taken(10);
	}

	@Test
	void theNextAnswerBeginsAnew() throws SocketTimeoutException {
		for (int i = 0; i < 10; i++) {
			waits(15);
			this.answer.taken(10);
			this.answer.ends();
		}
	}

	private void waits(int seconds) throws SocketTimeoutException {
		this.answer.taken(0);
		pass(seconds);
	}

	private void pass(int seconds) {
		this.now += Duration.ofSeconds(seconds).toNanos();
	}

}
