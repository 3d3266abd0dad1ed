package dev.adagrad.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.adagrad.refusal.Code;
import dev.adagrad.spool.Spool;
import org.junit.jupiter.api.Test;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static org.assertj.core.api.Assertions.assertThat;

/// The bounds to the byte: what fits exactly is let in, and one byte more is refused.
class AdmissionTest {

	private static final long MB = 1 << 20;

	private static final long LEAST = RequestRoom.LEAST_BYTES;

	private static final String OTHERS = "other requests leave no room for this one now";

	private static final String ALONE = "this request needs more memory than the server has for requests: ";

	private static final Spool NO_SPOOL = () -> {
		throw new AssertionError("nothing is staged");
	};

	private static Admission admission(long most, long mostOfClient) {
		return new Admission(PropertiesTest.limits(Map.of("adagrad.limits.max-inflight", most + "B",
				"adagrad.limits.max-inflight-per-client", mostOfClient + "B")));
	}

	private static RequestRoom room(Admission admission, String client, long bodyBytes) {
		return new RequestRoom(admission, client, bodyBytes, NO_SPOOL);
	}

	@Test
	void smallRequestsMayTakeAllThereIs() {
		Admission exact = admission(8 * LEAST, 8 * LEAST);
		List<RequestRoom> rooms = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			rooms.add(room(exact, "c" + i, 0));
		}
		assertThatRefusal(Code.OVERLOADED, () -> rooms.getFirst().take(1)).withMessage(OTHERS);
		assertThatRefusal(Code.OVERLOADED, () -> room(exact, "d", 0)).withMessage(OTHERS);
		rooms.getLast().close();
		rooms.getFirst().take(LEAST);
		assertThatRefusal(Code.OVERLOADED, () -> rooms.getFirst().take(1)).withMessage(OTHERS);

		Admission oneLess = admission(8 * LEAST - 1, 8 * LEAST);
		for (int i = 0; i < 7; i++) {
			room(oneLess, "c" + i, 0);
		}
		assertThatRefusal(Code.OVERLOADED, () -> room(oneLess, "d", 0)).withMessage(OTHERS);
		assertThatRefusal(Code.OVERLOADED, () -> room(admission(LEAST - 1, LEAST), "a", 0))
			.withMessage(ALONE + "127 KB (adagrad.limits.max-inflight)");
		room(admission(LEAST, LEAST), "a", 0);
	}

	@Test
	void smallRequestsOfOneClientMayTakeAllOfItsPart() {
		Admission admission = admission(16 * LEAST, 8 * LEAST);
		RequestRoom first = room(admission, "a", 0);
		for (int i = 1; i < 8; i++) {
			room(admission, "a", 0);
		}
		assertThatRefusal(Code.OVERLOADED, () -> first.take(1)).withMessage(OTHERS);
		assertThatRefusal(Code.OVERLOADED, () -> room(admission, "a", 0)).withMessage(OTHERS);
		room(admission, "b", 0).take(LEAST);
	}

	/// Of 16 MB, 14.
	@Test
	void largeRequestsMayTakeSevenEighths() {
		Admission admission = admission(16 * MB, 16 * MB);
		RequestRoom one = room(admission, "a", 0);
		one.take(14 * MB - LEAST);
		assertThatRefusal(Code.OVERLOADED, () -> one.take(1))
			.withMessage(ALONE + "14336 KB (adagrad.limits.max-inflight)");
		one.giveBack(4 * MB);
		RequestRoom other = room(admission, "b", 0);
		other.take(4 * MB - LEAST);
		assertThatRefusal(Code.OVERLOADED, () -> other.take(1)).withMessage(OTHERS);
		RequestRoom small = room(admission, "b", 0);
		small.take(MB);
		assertThatRefusal(Code.OVERLOADED, () -> small.take(1)).withMessage(OTHERS);
		assertThat(small.reserved()).as("what is refused changes nothing").isZero();
	}

	/// Of 8 MB of the client's, 7.
	@Test
	void largeRequestsOfOneClientMayTakeSevenEighthsOfItsPart() {
		Admission admission = admission(16 * MB, 8 * MB);
		RequestRoom one = room(admission, "a", 0);
		one.take(7 * MB - LEAST);
		assertThatRefusal(Code.OVERLOADED, () -> one.take(1))
			.withMessage(ALONE + "7168 KB (adagrad.limits.max-inflight)");
		RequestRoom other = room(admission, "b", 0);
		other.take(7 * MB - LEAST);
		assertThatRefusal(Code.OVERLOADED, () -> other.take(1));
		one.giveBack(3 * MB);
		RequestRoom again = room(admission, "a", 0);
		again.take(3 * MB - LEAST);
		assertThatRefusal(Code.OVERLOADED, () -> again.take(1)).withMessage(OTHERS);
	}

	/// A quarter more than what is announced: 5 MB for the first, and 9 are left of 14.
	@Test
	void whatIsAnnouncedIsKeptFreeToTheByte() {
		Admission admission = admission(16 * MB, 16 * MB);
		room(admission, "a", 4 * MB);
		// 5 · 1,887,437 bytes are one more than 9 MB
		assertThatRefusal(Code.OVERLOADED, () -> room(admission, "b", 4 * 1_887_437)).withMessage(OTHERS);
		RequestRoom other = room(admission, "b", 4 * 1_887_437 - 1);
		other.take(5 * 1_887_436 - LEAST);
	}

	@Test
	void aRequestIsSmallUpToAMegabyteBesideWhatAnyTakes() {
		RequestRoom room = room(admission(16 * MB, 16 * MB), "a", 64 * 1024);
		room.take(MB);
		assertThat(room.reserved()).isZero();
		room.take(1);
		assertThat(room.reserved()).isPositive();
		assertThat(room(admission(16 * MB, 16 * MB), "a", 64 * 1024 + 1).reserved()).isPositive();
	}

	/// Up to 256 KiB beyond what is needed stay with who has had them.
	@Test
	void whatIsHeldIsCountedToTheByte() {
		Admission admission = admission(16 * LEAST, 16 * LEAST);
		RequestRoom one = room(admission, "a", 0);
		one.take(4 * LEAST);
		one.giveBack(2 * LEAST);
		RequestRoom other = room(admission, "b", 0);
		other.take(10 * LEAST);
		assertThatRefusal(Code.OVERLOADED, () -> other.take(1));
		one.take(2 * LEAST);
		assertThatRefusal(Code.OVERLOADED, () -> one.take(1));
		one.giveBack(2 * LEAST + 1);
		other.take(1);
	}

	/// Nothing is left of clients and rooms that are gone.
	@Test
	void whatIsGivenBackIsThereForTheSameClientAgain() {
		Admission admission = admission(16 * LEAST, 8 * LEAST);
		for (int round = 0; round < 3; round++) {
			List<RequestRoom> rooms = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				rooms.add(room(admission, "a", 0));
			}
			assertThatRefusal(Code.OVERLOADED, () -> room(admission, "a", 0));
			rooms.forEach(RequestRoom::close);
		}
	}

	/// Nothing of it counts any more, neither then nor later.
	@Test
	void whoIsAnsweredBeginsAnew() {
		RequestRoom room = room(admission(4 * LEAST, 4 * LEAST), "a", 0);
		for (int round = 0; round < 3; round++) {
			room.take(3 * LEAST);
			assertThatRefusal(Code.OVERLOADED, () -> room.take(1));
			room.answered();
		}
	}

}
