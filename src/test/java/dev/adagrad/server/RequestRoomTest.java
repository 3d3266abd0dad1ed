package dev.adagrad.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.spool.SpoolFile;
import dev.adagrad.spool.TemporaryFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.mock.web.MockHttpServletRequest;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RequestRoomTest {

	private static final int MB = 1 << 20;

	private final Admission admission = new Admission(PropertiesTest.limits("max-inflight", "16MB"));

	private final List<RequestRoom> silent = new CopyOnWriteArrayList<>();

	/// What the tasks of other threads have seen: an assertion in them would fail
	/// nothing.
	private final List<String> seen = new CopyOnWriteArrayList<>();

	@TempDir
	private Path folder;

	@Test
	void filesAreClosedWhenTheRequestIsOver() throws IOException {
		SpoolFile file;
		try (RequestRoom room = room("a")) {
			file = room.open();
			file.append(ByteBuffer.allocate(1));
		}
		assertClosed(file);
	}

	/// What is left of a refused body may come for minutes.
	@Test
	void filesAreClosedOnceItIsAnswered() throws IOException {
		try (RequestRoom room = room("a")) {
			SpoolFile file = room.open();
			file.append(ByteBuffer.allocate(1));
			room.answered();
			assertClosed(file);
		}
	}

	@Test
	void aFileThatComesTooLateIsClosedAtOnce() throws IOException {
		RequestRoom room = room("a");
		room.close();
		assertClosed(room.open());
		assertThat(this.folder).isEmptyDirectory();
	}

	@Test
	void isThatOfItsRequest() {
		MockHttpServletRequest request = new MockHttpServletRequest();
		assertThat(RequestRoom.find(request)).isEmpty();
		RequestRoom room = room("a");
		room.enter(request);
		assertThat(RequestRoom.find(request)).containsSame(room);
	}

	@Test
	void memoryIsThereAgainWhenTheRequestIsOver() {
		for (int i = 0; i < 100; i++) {
			try (RequestRoom room = room("a")) {
				room.take(10 * MB);
			}
		}
	}

	@Test
	void whatIsGivenBackIsForOthers() {
		RequestRoom one = room("a");
		one.take(8 * MB);
		RequestRoom other = room("b");
		assertThatRefusal(Code.OVERLOADED, () -> other.take(8 * MB));
		one.giveBack(4 * MB);
		other.take(8 * MB);
	}

	@Test
	void whatIsRefusedIsNotTaken() {
		RequestRoom room = room("a");
		for (int i = 0; i < 10; i++) {
			assertThatRefusal(Code.OVERLOADED, () -> room.take(100 * MB))
				.withMessageContaining("more memory than the server has for requests")
				.withMessageContaining("adagrad.limits.max-inflight");
		}
		room.take(10 * MB);
	}

	@Test
	void largeRequestsLeaveRoomForSmallOnes() {
		room("a").take(7 * MB);
		room("b").take(6 * MB);
		RequestRoom large = room("c");
		assertThatRefusal(Code.OVERLOADED, () -> large.take(2 * MB))
			.withMessage("other requests leave no room for this one now");
		for (int i = 0; i < 10; i++) {
			room("d").take(10_000);
		}
	}

	@Test
	void largeRequestsOfOneClientLeaveRoomForItsSmallOnes() {
		room("a").take(10 * MB);
		for (int i = 0; i < 10; i++) {
			room("a").take(10_000);
		}
	}

	@Test
	void aBodyThatIsLongOrOfUnknownLengthIsLargeFromTheBeginning() {
		room("a").take(10 * MB);
		room("b").take(3 * MB);
		for (long bodyBytes : new long[] { -1, 65_537, 200_000_000 }) {
			assertThatRefusal(Code.OVERLOADED, () -> {
				for (int i = 0; i < 10; i++) {
					room("c", bodyBytes);
				}
			});
		}
		for (int i = 0; i < 10; i++) {
			assertThat(room("c", 65_536).reserved()).isZero();
		}
	}

	@Test
	void oneClientLeavesAQuarterToTheOthers() {
		RequestRoom one = room("a");
		one.take(10 * MB);
		RequestRoom again = room("a");
		assertThatRefusal(Code.OVERLOADED, () -> again.take(2 * MB));
		room("b").take(2 * MB);
		one.close();
		again.take(2 * MB);
	}

	@Test
	void smallRequestsOfOneClientLeaveAQuarterTooHoweverManyThereAre() {
		assertThatRefusal(Code.OVERLOADED, () -> {
			for (int i = 0; i < 1000; i++) {
				room("a");
			}
		});
		for (int i = 0; i < (4 * MB) / RequestRoom.LEAST_BYTES; i++) {
			room("b");
		}
		assertThatRefusal(Code.OVERLOADED, () -> room("c"));
	}

	@Test
	void aRequestThatGrowsLargeCountsAsOneWhole() {
		RequestRoom grows = room("a");
		for (int i = 0; i < 75; i++) {
			grows.take(100_000);
		}
		RequestRoom other = room("b");
		other.take(6 * MB);
		assertThatRefusal(Code.OVERLOADED, () -> other.take(MB));
	}

	@Test
	void whatWasAnnouncedIsKeptFreeSoThatTheNewcomerIsRefused() {
		RequestRoom first = room("a", 6 * MB);
		assertThatRefusal(Code.OVERLOADED, () -> room("a", 6 * MB));
		RequestRoom small = room("a", 100);
		assertThatRefusal(Code.OVERLOADED, () -> small.take(5 * MB));
		first.take(6 * MB);
		first.close();
		room("a", 6 * MB).take(6 * MB);
	}

	/// Of the 16 MB one client may take 10.5 for its large requests.
	@Test
	void anAnsweredRequestDoesNotKeepOutTheNextOfItsClient() {
		RequestRoom answered = room("a", 10 * MB);
		answered.take(8 * MB);
		answered.answered();
		try (RequestRoom next = room("a", 10 * MB)) {
			next.take(8 * MB);
		}
	}

	@Test
	void aBodyOfUnknownLengthIsTakenForAQuarterOnceItIsLarge() {
		RequestRoom[] rooms = { room("a", -1), room("a", -1), room("a", -1), room("a", -1) };
		rooms[0].take(2 * MB);
		rooms[1].take(2 * MB);
		rooms[2].take(2 * MB);
		rooms[3].take(2 * MB);
		assertThatRefusal(Code.OVERLOADED, () -> room("a", -1));
		rooms[0].close();
		room("a", -1).take(2 * MB);
	}

	@Test
	@Timeout(30)
	void nothingIsKeptFreeForWhoSendsNothing() throws InterruptedException {
		try (Turns turns = new Turns(1, Duration.ZERO, Duration.ofHours(1))) {
			CountDownLatch opened = new CountDownLatch(1);
			CountDownLatch ended = new CountDownLatch(1);
			turns.execute(() -> {
				RequestRoom silent = room("a", 6 * MB);
				Turns.current().leaveForClient();
				opened.countDown();
				awaitUninterruptibly(ended);
				silent.close();
			});
			opened.await();
			boolean isOpened = false;
			for (int i = 0; i < 20_000 && !isOpened; i++) {
				LockSupport.parkNanos(1_000_000);
				isOpened = isOpened("a", 6 * MB);
			}
			assertThat(isOpened).isTrue();
			ended.countDown();
		}
	}

	private boolean isOpened(String client, long bodyBytes) {
		try {
			room(client, bodyBytes);
			return true;
		}
		catch (Refusal ex) {
			return false;
		}
	}

	/// Of the same client's, the one that has waited longest: the second here.
	@Test
	@Timeout(30)
	void whoSendsNothingMakesWayForTheNextWhereThereIsLittleRoom() throws InterruptedException {
		try (Turns turns = new Turns(1, Duration.ZERO, Duration.ofHours(1))) {
			CountDownLatch givenUp = new CountDownLatch(1);
			CountDownLatch closed = new CountDownLatch(3);
			for (String name : new String[] { "b 1", "a 2", "a 3" }) {
				CountDownLatch waits = new CountDownLatch(1);
				turns.execute(() -> {
					RequestRoom silent = room(name.substring(0, 1), 100);
					this.silent.add(silent);
					Turns.current().leaveForClient();
					waits.countDown();
					boolean interrupted = awaitUninterruptibly(givenUp);
					this.seen.add(name + " given up " + Turns.current().isGivenUp() + ", interrupted " + interrupted);
					silent.close();
					closed.countDown();
				});
				waits.await();
			}
			// an eighth of what a client may have is left, but for a little
			room("a", 10).take(10_800_000);
			assertThat(silentOnes()).as("nobody has waited for long").isEqualTo(3);
			while (!this.silent.stream().allMatch(Admission::isSilent)) {
				LockSupport.parkNanos(1_000_000);
			}
			room("a", 10).close();
			assertThat(this.silent).extracting((room) -> room.turn().isGivenUp()).containsExactly(false, true, false);
			// who has been given up already is no more room
			room("a", 10).close();
			givenUp.countDown();
			closed.await();
			assertThat(this.seen).containsExactlyInAnyOrder("b 1 given up false, interrupted false",
					"a 2 given up true, interrupted true", "a 3 given up true, interrupted true");
		}
	}

	/// One of the same client if there is one, else any.
	@Test
	@Timeout(30)
	void whoIsRefusedHasAnotherMakeWay() throws InterruptedException {
		try (Turns turns = new Turns(1, Duration.ZERO, Duration.ofHours(1))) {
			CountDownLatch givenUp = new CountDownLatch(1);
			CountDownLatch closed = new CountDownLatch(2);
			for (String client : new String[] { "a", "b" }) {
				CountDownLatch waits = new CountDownLatch(1);
				turns.execute(() -> {
					RequestRoom silent = room(client, 100);
					this.silent.add(silent);
					Turns.current().leaveForClient();
					waits.countDown();
					awaitUninterruptibly(givenUp);
					silent.close();
					closed.countDown();
				});
				waits.await();
			}
			while (!this.silent.stream().allMatch(Admission::isSilent)) {
				LockSupport.parkNanos(1_000_000);
			}
			RequestRoom refused = room("b", 100);
			RequestRoom stranger = room("c", 100);
			assertThat(silentOnes()).isEqualTo(2);
			assertThatRefusal(Code.OVERLOADED, () -> refused.take(15 * MB));
			assertThat(this.silent).extracting((room) -> room.turn().isGivenUp()).containsExactly(false, true);
			assertThatRefusal(Code.OVERLOADED, () -> stranger.take(15 * MB));
			assertThat(this.silent).extracting((room) -> room.turn().isGivenUp()).containsExactly(true, true);
			givenUp.countDown();
			closed.await();
		}
	}

	private int silentOnes() {
		return (int) this.silent.stream().filter((room) -> !room.turn().isGivenUp()).count();
	}

	/// @return whether the thread was interrupted meanwhile
	private static boolean awaitUninterruptibly(CountDownLatch latch) {
		boolean interrupted = false;
		while (latch.getCount() > 0) {
			try {
				latch.await();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		return interrupted;
	}

	private RequestRoom room(String client) {
		return room(client, 0);
	}

	private RequestRoom room(String client, long bodyBytes) {
		return new RequestRoom(this.admission, client, bodyBytes, new TemporaryFiles(this.folder));
	}

	private static void assertClosed(SpoolFile file) {
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.append(ByteBuffer.allocate(1)));
	}

}
