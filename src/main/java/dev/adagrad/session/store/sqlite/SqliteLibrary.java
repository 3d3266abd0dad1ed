package dev.adagrad.session.store.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

import dev.adagrad.start.StartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;
import org.sqlite.util.OSInfo;

import org.springframework.util.FileSystemUtils;

/// SQLite itself: a native library in the driver's jar, which can be loaded only from a file. The driver would write a
/// new file into `java.io.tmpdir` at each start, and leave it there when the process is killed. This class writes it
/// once, into the folder of the store: `native/sqlite-<version>-<system>/`.
///
/// If the operator names a folder (`org.sqlite.lib.path`), the library is loaded from there, and nothing is written.
final class SqliteLibrary {

	private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);

	private static final String PATH = "org.sqlite.lib.path";

	private static final String NAME = "org.sqlite.lib.name";

	/// The operator's setting. It is read before this class sets the same property for
	/// the driver.
	private static final Optional<String> OPERATORS_PATH = Optional.ofNullable(System.getProperty(PATH));

	private static final Optional<String> OPERATORS_NAME = Optional.ofNullable(System.getProperty(NAME));

	/// Where the driver writes its library if it finds none.
	private static final String DRIVERS_TEMPORARY = "org.sqlite.tmpdir";

	private static final String OURS = "sqlite-";

	private SqliteLibrary() {
	}

	/// Has the driver load the library, unless it is loaded.
	/// @param store the folder of the store, which no other process writes to
	/// @throws StartException if it cannot be loaded
	static void load(Path store) {
		String name = OPERATORS_NAME.orElseGet(LibraryLoaderUtil::getNativeLibName);
		Path file = OPERATORS_PATH.map((path) -> Path.of(path).toAbsolutePath().resolve(name))
			.orElseGet(() -> extracted(store, name));
		if (!Files.isRegularFile(file)) {
			throw new StartException("There is no library of SQLite at " + file + ".",
					"Let -D" + PATH + " and -D" + NAME + " name one, or leave both away.", null);
		}
		try {
			initialize(file);
		}
		catch (Exception ex) {
			throw new StartException("The library of SQLite, " + file + ", cannot be loaded: " + reason(file) + ".",
					"If that file system is mounted noexec, let -D" + PATH
							+ " name a folder on another one with a copy of that file, or let adagrad.store.path name a"
							+ " folder elsewhere.",
					ex);
		}
	}

	/// The driver takes its settings from system properties only.
	private static void initialize(Path file) throws Exception {
		System.setProperty(PATH, String.valueOf(file.getParent()));
		System.setProperty(NAME, String.valueOf(file.getFileName()));
		// this folder cannot exist, so the driver cannot write its library there if this
		// file fails to load
		System.setProperty(DRIVERS_TEMPORARY, file.resolve("none").toString());
		SQLiteJDBCLoader.initialize();
	}

	/// The driver does not say.
	@SuppressWarnings("restricted")
	private static String reason(Path file) {
		try {
			System.load(file.toString());
			return "its driver refuses it";
		}
		catch (UnsatisfiedLinkError ex) {
			return String.valueOf(ex.getMessage()).replace(file + ": ", "");
		}
	}

	private static Path extracted(Path store, String name) {
		Path all = store.resolve("native");
		Path folder = all.resolve(OURS + SQLiteJDBCLoader.getVersion() + "-"
				+ OSInfo.getNativeLibFolderPathForCurrentOS().replace('/', '-'));
		Path file = folder.resolve(name);
		try {
			byte[] library = library(name);
			sweep(all, folder);
			if (!isThere(file, library)) {
				Files.createDirectories(folder);
				write(file, library);
			}
			return file;
		}
		catch (IOException ex) {
			throw new StartException("The library of SQLite cannot be written to " + file + ": " + ex + ".",
					"Make room there, or let -D" + PATH + " name a folder that holds the library.", ex);
		}
	}

	private static byte[] library(String name) throws IOException {
		String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
		try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
			if (in == null) {
				throw new NoSuchFileException(resource, null, "SQLite's driver knows no such system");
			}
			return in.readAllBytes();
		}
	}

	private static boolean isThere(Path file, byte[] library) throws IOException {
		return Files.isRegularFile(file) && Files.size(file) == library.length
				&& Arrays.equals(Files.readAllBytes(file), library);
	}

	/// A file with the final name is always complete.
	private static void write(Path file, byte[] library) throws IOException {
		Path part = file.resolveSibling(file.getFileName() + ".part");
		try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
				StandardOpenOption.TRUNCATE_EXISTING)) {
			Channels.newOutputStream(channel).write(library);
			channel.force(true);
		}
		Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
	}

	/// Removes the libraries of other versions, and the unfinished files of processes
	/// that were killed.
	private static void sweep(Path all, Path current) throws IOException {
		if (!Files.isDirectory(all)) {
			return;
		}
		try (DirectoryStream<Path> folders = Files.newDirectoryStream(all, OURS + "*")) {
			for (Path folder : folders) {
				if (!folder.equals(current)) {
					try {
						FileSystemUtils.deleteRecursively(folder);
					}
					catch (IOException ex) {
						LOG.debug("an old library of SQLite stays", ex);
					}
				}
			}
		}
	}

}
