package dev.adagrad.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.adagrad.refusal.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(30)
class PacedBodyTest {

	private static final Duration HOUR = Duration.ofHours(1);

	/// A second for each byte, and nothing beside: who does not count each is too slow at
	/// once.
	private static final Pace SECOND_A_BYTE = new Pace(1, Duration.ofNanos(1), HOUR);

	private static final Pace PATIENT = new Pace(1, HOUR, HOUR);

	/// Hands out one byte at a time.
	private static InputStream singly(byte... bytes) {
		return new ByteArrayInputStream(bytes) {
			@Override
			public synchronized int read(byte[] buffer, int offset, int length) {
				return super.read(buffer, offset, Math.min(1, length));
			}
		};
	}

	private static PacedBody body(InputStream in, Pace pace) {
		return new PacedBody(in, pace, false);
	}

	@Test
	void singleBytesAreWhatWasSent() throws IOException {
		byte[] sent = { 0, 1, 127, -128, -1 };
		PacedBody body = body(singly(sent), SECOND_A_BYTE);
		for (byte each : sent) {
			assertThat(body.read()).isEqualTo(each & 0xFF);
		}
		assertThat(body.read()).isEqualTo(-1);
		assertThat(body.read()).isEqualTo(-1);
		assertThat(body(singly(sent), SECOND_A_BYTE).readAllBytes()).isEqualTo(sent);
	}

	@Test
	void eachByteCountsAndTheEndDoesNot() throws IOException {
		try (PacedBody body = body(singly(new byte[1]), SECOND_A_BYTE)) {
			assertThat(body.read()).isZero();
			// the second of the byte that came
			assertThat(body.read()).isEqualTo(-1);
		}
		assertThatRefusal(Code.REQUEST_TIMEOUT, () -> body(singly(), SECOND_A_BYTE).read())
			.withMessage("the body comes too slowly; nothing was changed");
	}

	@Test
	void aTimeoutOfTheConnectionIsABodyThatComesTooSlowly() {
		SocketTimeoutException timeout = new SocketTimeoutException("no byte came");
		for (IOException failure : List.of(timeout, new IOException("in the parser of chunks", timeout))) {
			assertThatRefusal(Code.REQUEST_TIMEOUT, () -> body(failing(failure), PATIENT).read());
		}
		IOException reset = new IOException("reset");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> body(failing(reset), PATIENT).read())
			.isSameAs(reset);
	}

	private static InputStream failing(IOException failure) {
		return new InputStream() {
			@Override
			public int read() throws IOException {
				throw failure;
			}

			@Override
			public int read(byte[] bytes, int offset, int length) throws IOException {
				throw failure;
			}
		};
	}

	/// After 256 KiB, however they come: byte by byte as in one piece.
	@Test
	void othersHaveTheirTurnsBetweenItsParts() throws InterruptedException {
		for (int piece : new int[] { 1, 1000, 256 * 1024 }) {
			List<String> seen = new CopyOnWriteArrayList<>();
			try (Turns turns = new Turns(1, Duration.ZERO, HOUR)) {
				CountDownLatch gate = new CountDownLatch(1);
				CountDownLatch done = new CountDownLatch(2);
				turns.execute(() -> {
					await(gate);
					PacedBody body = body(new ByteArrayInputStream(new byte[256 * 1024]), PATIENT);
					byte[] bytes = new byte[piece];
					int left = 256 * 1024;
					while (left > 0) {
						if (left <= piece) {
							seen.add("reads the last");
						}
						left -= count(body, bytes);
					}
					seen.add("goes on");
					done.countDown();
				});
				turns.execute(() -> {
					seen.add("other");
					done.countDown();
				});
				gate.countDown();
				assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
			}
			assertThat(seen).containsExactly("reads the last", "other", "goes on");
		}
	}

	private static int count(InputStream body, byte[] bytes) {
		try {
			return body.read(bytes, 0, bytes.length);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/// Where a connection is shared nobody else sees that this waits.
	@Test
	void overASharedConnectionWhoFindsNothingLeavesItsTurn() throws InterruptedException {
		for (boolean multiplexed : new boolean[] { true, false }) {
			List<String> seen = new CopyOnWriteArrayList<>();
			try (Turns turns = new Turns(1, Duration.ZERO, HOUR)) {
				CountDownLatch gate = new CountDownLatch(1);
				CountDownLatch otherRan = new CountDownLatch(1);
				CountDownLatch done = new CountDownLatch(2);
				turns.execute(() -> {
					await(gate);
					InputStream in = new ByteArrayInputStream(new byte[1]) {
						@Override
						public synchronized int available() {
							return 0;
						}

						@Override
						public synchronized int read(byte[] buffer, int offset, int length) {
							if (multiplexed) {
								await(otherRan);
							}
							seen.add("byte");
							return super.read(buffer, offset, length);
						}
					};
					count(new PacedBody(in, PATIENT, multiplexed), new byte[1]);
					seen.add("computes " + Turns.current().nanosWithoutClient());
					done.countDown();
				});
				turns.execute(() -> {
					seen.add("other");
					otherRan.countDown();
					done.countDown();
				});
				gate.countDown();
				assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
			}
			assertThat(seen).isEqualTo(
					multiplexed ? List.of("other", "byte", "computes 0") : List.of("byte", "computes 0", "other"));
		}
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
