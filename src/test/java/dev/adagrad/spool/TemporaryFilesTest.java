package dev.adagrad.spool;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

import dev.adagrad.refusal.Code;
import dev.adagrad.tensor.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TemporaryFilesTest {

	@TempDir
	private Path root;

	@Test
	void theFolderIsMadeWhenItIsNeeded() throws IOException {
		Path folder = this.root.resolve("not/yet");
		Spool spool = new TemporaryFiles(folder);
		assertThat(folder).doesNotExist();
		spool.open().close();
		assertThat(folder).isEmptyDirectory();
		Files.delete(folder);
		spool.open().close();
		assertThat(folder).as("swept away meanwhile").isEmptyDirectory();
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void aFileHasNoNameWhileItIsOpen() throws IOException {
		try (SpoolFile file = new TemporaryFiles(this.root).open()) {
			assertThat(this.root).isEmptyDirectory();
			file.append(bytes(100));
			assertThat(this.root).isEmptyDirectory();
			ByteBuffer read = ByteBuffer.allocate(100);
			file.read(read, 0);
			assertThat(read.array()).isEqualTo(bytes(100).array());
		}
		assertThat(this.root).isEmptyDirectory();
	}

	@Test
	void whatIsWrittenIsReadAtAnyPlaceAnyNumberOfTimes() throws IOException {
		int[] lengths = { 0, 1, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 300_000, 7 };
		int total = 0;
		try (SpoolFile file = new TemporaryFiles(this.root).open()) {
			for (int length : lengths) {
				ByteBuffer written = bytes(length);
				file.append(written);
				assertThat(written.hasRemaining()).isFalse();
				total += length;
				assertThat(file.size()).isEqualTo(total);
			}
			for (int round = 0; round < 2; round++) {
				int position = total;
				for (int i = lengths.length - 1; i >= 0; i--) {
					position -= lengths[i];
					ByteBuffer read = ByteBuffer.allocate(lengths[i]);
					file.read(read, position);
					assertThat(read.hasRemaining()).isFalse();
					assertThat(read.array()).isEqualTo(bytes(lengths[i]).array());
				}
			}
		}
	}

	@Test
	void onlyWhatRemainsInABufferIsMoved() throws IOException {
		try (SpoolFile file = new TemporaryFiles(this.root).open()) {
			ByteBuffer some = bytes(10).position(3).limit(7);
			file.append(some);
			assertThat(some.limit()).isEqualTo(7);
			assertThat(file.size()).isEqualTo(4);
			ByteBuffer read = ByteBuffer.allocate(10).position(1).limit(3);
			file.read(read, 2);
			assertThat(read.array()[1]).isEqualTo(bytes(10).array()[5]);
			assertThat(read.array()[2]).isEqualTo(bytes(10).array()[6]);
			assertThat(read.array()[3]).isZero();
		}
	}

	@Test
	void thereIsNothingBeyondTheEnd() throws IOException {
		try (SpoolFile file = new TemporaryFiles(this.root).open()) {
			file.append(bytes(10));
			assertThatExceptionOfType(EOFException.class).isThrownBy(() -> file.read(ByteBuffer.allocate(11), 0));
		}
	}

	@Test
	void afterClosingThereIsNothing() throws IOException {
		SpoolFile file = new TemporaryFiles(this.root).open();
		file.append(bytes(10));
		file.close();
		file.close();
		assertThat(this.root).isEmptyDirectory();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.read(ByteBuffer.allocate(1), 0));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.append(bytes(1)));
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void noRoomIsToldApart() throws IOException {
		try (SpoolFile full = new SpoolFile(FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE),
				Memory.UNCOUNTED)) {
			assertThatRefusal(Code.STORE_FULL, () -> full.append(bytes(1))).withCauseInstanceOf(IOException.class);
		}
	}

	@Test
	void whatDeadProcessesHaveLeftIsRemovedAndNothingElse() throws IOException {
		Path old = aged("adagrad-123.spool", 2);
		Path young = aged("adagrad-124.spool", 0);
		Path another = aged("adagrad-other.spool", 2);
		Path folder = Files.createDirectory(this.root.resolve("adagrad-125.spool"));
		Files.createFile(folder.resolve("file"));
		Files.setLastModifiedTime(folder, FileTime.fromMillis(0));
		new TemporaryFiles(this.root).sweep();
		assertThat(old).doesNotExist();
		assertThat(young).exists();
		assertThat(another).exists();
		assertThat(folder.resolve("file")).exists();
		new TemporaryFiles(this.root.resolve("missing")).sweep();
	}

	private Path aged(String name, int minutes) throws IOException {
		Path file = Files.createFile(this.root.resolve(name));
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofMinutes(minutes))));
		return file;
	}

	@Test
	void aReaderThatIsInterruptedIsInNobodysWay() throws IOException {
		try (SpoolFile file = new TemporaryFiles(this.root).open()) {
			Thread.currentThread().interrupt();
			file.append(bytes(10));
			file.read(ByteBuffer.allocate(10), 0);
			assertThat(Thread.interrupted()).isTrue();
			file.read(ByteBuffer.allocate(10), 0);
		}
	}

	@Test
	void aFolderThatCannotBeIsAnotherFailure() throws IOException {
		Path file = Files.createFile(this.root.resolve("file"));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> new TemporaryFiles(file).open());
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> new TemporaryFiles(file.resolve("within")).open());
	}

	private static ByteBuffer bytes(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return ByteBuffer.wrap(bytes);
	}

}
