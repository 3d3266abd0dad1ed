package dev.adagrad.session.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static dev.adagrad.session.store.Fixtures.await;
import static org.assertj.core.api.Assertions.assertThat;

class SweeperTest {

	@Test
	void outlivesWhateverIsThrownInIt() {
		OutOfMemoryError error = new OutOfMemoryError("as if");
		AtomicInteger logged = new AtomicInteger();
		AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
			@Override
			protected void append(ILoggingEvent event) {
				logged.incrementAndGet();
				throw error;
			}
		};
		appender.start();
		Logger logger = (Logger) LoggerFactory.getLogger(Sweeper.class);
		logger.addAppender(appender);
		AtomicInteger swept = new AtomicInteger();
		try (Sweeper sweeper = new Sweeper(() -> {
			if (swept.incrementAndGet() <= 2) {
				throw error;
			}
			return false;
		}, Duration.ofMillis(1))) {
			sweeper.start();
			await(() -> swept.get() > 2);
			assertThat(logged).hasValue(2);
		}
		finally {
			logger.detachAppender(appender);
		}
	}

}
