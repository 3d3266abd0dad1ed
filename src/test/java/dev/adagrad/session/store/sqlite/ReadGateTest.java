package dev.adagrad.session.store.sqlite;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// Readings, and a log that waits for them to end.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadGateTest {

	private final AtomicInteger drained = new AtomicInteger();

	private final ReadGate gate = new ReadGate(this.drained::incrementAndGet);

	@Test
	void theLastToLeaveAShutGateTells() {
		this.gate.enter();
		this.gate.enter();
		assertThat(this.gate.shut()).as("nobody is inside").isFalse();
		this.gate.leave();
		assertThat(this.drained).hasValue(0);
		this.gate.leave();
		assertThat(this.drained).hasValue(1);
		assertThat(this.gate.shut()).as("nobody is inside").isTrue();
	}

	@Test
	void nobodyIsToldOfWhoLeavesAnOpenGate() {
		this.gate.enter();
		this.gate.leave();
		assertThat(this.drained).hasValue(0);
	}

	@Test
	void whoComesToAShutGateWaitsUntilItIsOpen() throws Exception {
		this.gate.shut();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<?> first = threads.submit(this.gate::enter);
			Future<?> second = threads.submit(this.gate::enter);
			assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> first.get(100, TimeUnit.MILLISECONDS));
			assertThat(second.isDone()).isFalse();
			this.gate.open();
			first.get(10, TimeUnit.SECONDS);
			second.get(10, TimeUnit.SECONDS);
		}
	}

}
