package dev.adagrad.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BoundedSpoolTest {

	private static final int MB = 1 << 20;

	@TempDir
	private Path folder;

	private final AtomicLong usable = new AtomicLong(1000L * MB);

	private final AtomicInteger asked = new AtomicInteger();

	private BoundedSpool spool(int mostMegabytes, int mostOfClientMegabytes) {
		return new BoundedSpool(new TemporaryFiles(this.folder), (long) mostMegabytes * MB,
				(long) mostOfClientMegabytes * MB, () -> {
					this.asked.incrementAndGet();
					return this.usable.get();
				});
	}

	private static SpoolFile written(BoundedSpool spool, String client, int megabytes) throws IOException {
		SpoolFile file = spool.of(client).open();
		file.append(ByteBuffer.allocate(megabytes * MB));
		return file;
	}

	private static void assertRefused(BoundedSpool spool, String client, int megabytes, String why) throws IOException {
		long before = spool.taken();
		try (SpoolFile file = spool.of(client).open()) {
			assertThatRefusal(Code.STORE_FULL, () -> file.append(ByteBuffer.allocate(megabytes * MB)))
				.withMessageContaining(why)
				.matches((ex) -> !ex.isReported());
			assertThat(file.size()).isZero();
		}
		assertThat(spool.taken()).isEqualTo(before);
	}

	@Test
	void allTogetherAreBounded() throws IOException {
		BoundedSpool spool = spool(10, 10);
		SpoolFile first = written(spool, "a", 6);
		SpoolFile second = written(spool, "b", 4);
		assertRefused(spool, "c", 1, "all together may take 10 MB (adagrad.spool.max-size)");
		first.close();
		first.close();
		assertThat(spool.taken()).isEqualTo(4 * MB);
		written(spool, "c", 6).close();
		second.close();
		assertThat(spool.taken()).isZero();
	}

	@Test
	void oneClientIsBoundedAndLeavesRoomForTheOthers() throws IOException {
		BoundedSpool spool = spool(10, 6);
		try (SpoolFile one = written(spool, "a", 4)) {
			assertRefused(spool, "a", 3, "those of one client may take 6 MB (adagrad.spool.max-size-per-client)");
			written(spool, "b", 6).close();
			assertThat(one.size()).isEqualTo(4 * MB);
		}
		written(spool, "a", 6).close();
	}

	@Test
	void aFileThatIsClosedLeavesItsRoomToTheOthersOfItsClient() throws IOException {
		BoundedSpool spool = spool(10, 6);
		try (SpoolFile one = written(spool, "a", 2)) {
			written(spool, "a", 4).close();
			try (SpoolFile other = written(spool, "a", 4)) {
				assertRefused(spool, "a", 1, "those of one client may take 6 MB");
				assertThat(one.size() + other.size()).isEqualTo(6 * MB);
			}
		}
	}

	@Test
	void whatComesTooLateIsNotCounted() throws IOException {
		BoundedSpool spool = spool(10, 10);
		SpoolFile file = written(spool, "a", 2);
		file.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.append(ByteBuffer.allocate(MB)));
		assertThat(spool.taken()).isZero();
	}

	@Test
	void aClientMayTakeHalfWhereNothingElseIsSet() throws IOException {
		BoundedSpool spool = spool(10, 0);
		written(spool, "a", 5).close();
		assertRefused(spool, "a", 6, "those of one client may take 5 MB");
		BoundedSpool unbounded = spool(0, 0);
		this.usable.set(40L * MB);
		written(unbounded, "a", 10).close();
		assertRefused(unbounded, "a", 11, "those of one client may take 10 MB");
	}

	@Test
	void halfOfWhatTheDiskHasFreeIsLeft() throws IOException {
		BoundedSpool spool = spool(0, 1000);
		this.usable.set(20L * MB);
		try (SpoolFile file = written(spool, "a", 6)) {
			// as the disk tells when that is written
			this.usable.set(14L * MB);
			assertRefused(spool, "b", 5, "half of what their disk has free, 10 MB (adagrad.spool.path)");
			written(spool, "b", 4).close();
			// others have written
			this.usable.set(2L * MB);
			assertRefused(spool, "b", 4, "half of what their disk has free, 4 MB");
			assertThat(file.size()).isEqualTo(6 * MB);
		}
	}

	@Test
	void theDiskIsAskedNowAndThen() throws IOException {
		BoundedSpool spool = spool(0, 1000);
		try (SpoolFile file = spool.of("a").open()) {
			for (int i = 0; i < 20 * 16; i++) {
				file.append(ByteBuffer.allocate(MB / 16));
			}
		}
		assertThat(this.asked).hasValueBetween(3, 7);
	}

	@Test
	void theDiskItselfIsAskedByDefault() throws IOException {
		BoundedSpool spool = new BoundedSpool(this.folder.resolve("not/yet"), 0, 0);
		try (SpoolFile file = written(spool, "a", 1)) {
			Files.delete(this.folder.resolve("not/yet"));
			file.append(ByteBuffer.allocate(5 * MB));
			assertThat(spool.taken()).isEqualTo(6 * MB);
		}
	}

	@Test
	void whereNoFileCanBeMadeTheSettingIsNamed() throws IOException {
		Path file = Files.createFile(this.folder.resolve("file"));
		assertThatRefusal(Code.STORE_FULL, () -> new BoundedSpool(file, 0, 0).of("a").open())
			.withMessageContaining("adagrad.spool.path")
			.matches(Refusal::isReported);
	}

}
