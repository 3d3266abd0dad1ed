package dev.adagrad.session.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.adagrad.LongTest;
import dev.adagrad.ServiceProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/// Where SQLite itself is kept, and what an operator is told where it cannot be loaded.
class SqliteLibraryTest {

	private static final FileTime LONG_AGO = FileTime.fromMillis(0);

	private static final String NAME = LibraryLoaderUtil.getNativeLibName();

	@TempDir
	private Path store;

	private Path file() throws IOException {
		List<Path> versions = filesIn(this.store.resolve("native"));
		assertThat(versions).hasSize(1);
		assertThat(filesIn(versions.getFirst())).containsExactly(versions.getFirst().resolve(NAME));
		return versions.getFirst().resolve(NAME);
	}

	private static List<Path> filesIn(Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.toList();
		}
	}

	private static byte[] inTheJar() throws IOException {
		try (var in = SQLiteJDBCLoader.class
			.getResourceAsStream(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + NAME)) {
			return in.readAllBytes();
		}
	}

	/// Another file under that name: this JVM may have loaded the one that is there.
	private static void replace(Path file, byte[] bytes) throws IOException {
		Files.delete(file);
		Files.write(file, bytes);
	}

	@Test
	void isWrittenOnce() throws IOException {
		SqliteLibrary.load(this.store);
		assertThat(file()).hasBinaryContent(inTheJar());
		Files.setLastModifiedTime(file(), LONG_AGO);
		SqliteLibrary.load(this.store);
		assertThat(Files.getLastModifiedTime(file())).isEqualTo(LONG_AGO);
	}

	@Test
	void isWrittenAnewWhereItIsAnotherOne() throws IOException {
		SqliteLibrary.load(this.store);
		byte[] other = inTheJar();
		other[other.length / 2] ^= 1;
		replace(file(), other);
		SqliteLibrary.load(this.store);
		assertThat(file()).hasBinaryContent(inTheJar());
		// by a process that was killed
		replace(file(), new byte[10]);
		Files.write(file().resolveSibling(NAME + ".part"), new byte[20]);
		SqliteLibrary.load(this.store);
		assertThat(file()).hasBinaryContent(inTheJar());
	}

	@Test
	void otherVersionsAreRemovedAndNothingElse() throws IOException {
		Path nativeFolder = Files.createDirectory(this.store.resolve("native"));
		Path old = Files.createDirectory(nativeFolder.resolve("sqlite-3.1.0.0-Linux-x86_64"));
		Files.createFile(old.resolve(NAME));
		Path foreign = Files.createFile(nativeFolder.resolve("README"));
		SqliteLibrary.load(this.store);
		assertThat(old).doesNotExist();
		assertThat(foreign).exists();
		Files.delete(foreign);
		assertThat(file()).exists();
	}

	@LongTest
	@Test
	void theFolderThatTheOperatorNamesIsUsedInstead() throws IOException {
		Path copies = Files.createDirectory(this.store.resolve("copies"));
		Files.write(copies.resolve("copy.so"), inTheJar());
		Path sessions = this.store.resolve("sessions");
		try (ServiceProcess service = start(copies, "copy.so", sessions)) {
			assertThat(service.client().get("/adagrad/sessions").status()).isEqualTo(200);
		}
		assertThat(sessions.resolve("adagrad.db")).exists();
		assertThat(sessions.resolve("native")).doesNotExist();
	}

	@Test
	void whatCannotBeLoadedIsToldInASentence() throws IOException {
		Path copies = Files.createDirectory(this.store.resolve("copies"));
		Path file = Files.writeString(copies.resolve("copy.so"), "no library");
		// two processes, at the same time
		CompletableFuture<Throwable> missing = CompletableFuture
			.supplyAsync(() -> catchThrowable(() -> start(copies, "missing.so", this.store.resolve("others")).close()));
		assertThatThrownBy(() -> start(copies, "copy.so", this.store.resolve("sessions")).close()).rootCause()
			.hasMessageContaining("The library of SQLite, " + file + ", cannot be loaded: ")
			.hasMessageContaining("noexec, let -Dorg.sqlite.lib.path name")
			.hasMessageNotContaining("\tat ")
			.hasMessageNotContaining("Exception");
		assertThat(filesIn(copies)).containsExactly(file);
		assertThat(missing.join()).rootCause()
			.hasMessageContaining("There is no library of SQLite at " + copies.resolve("missing.so"));
	}

	private static ServiceProcess start(Path folder, String name, Path sessions) {
		return ServiceProcess.start(List.of("-Dorg.sqlite.lib.path=" + folder, "-Dorg.sqlite.lib.name=" + name),
				"--adagrad.store.path=" + sessions);
	}

}
