package dev.adagrad.session.store.sqlite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

import dev.adagrad.start.StartException;
import javax.sql.DataSource;

import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.Dialect;
import dev.adagrad.session.store.Schema;
import dev.adagrad.session.store.StoreProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/// The folder of a SQLite store, locked for this process while this is open: `adagrad.lock`, `native` with SQLite
/// itself, and `adagrad.db` with the files that SQLite puts beside it.
final class SqliteFolder implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(SqliteFolder.class);

	/// The page size of a new database; an existing one keeps its own. Larger pages help
	/// dense steps less than they harm sparse ones, which write a page for each element.
	/// With 8, 16 and 32 KiB a dense step of 1e6 elements took about 10, 16 and 30 % less
	/// CPU time, but a step of 100 among 1e7 sent 2.2, 4.3 and 8.4 times as much to the
	/// disk.
	private static final int PAGE_BYTES = 4096;

	/// The log's file may keep this length after it is copied, but at most this part of
	/// the disk.
	private static final long LONGEST_LOG = 64 << 20;

	private static final long LOG_PART = 16;

	/// If fewer bytes are free on its disk, a failure is due to a lack of room.
	private static final long SOME_BYTES = 8 << 20;

	/// SQLite's own limit.
	private static final long MOST_PAGES = 4_294_967_294L;

	private final Path folder;

	private final FileChannel lockFile;

	private final StoreProperties properties;

	private final DiskRoom room;

	private final LogIndexRoom indexRoom;

	/// Tells the opened file from any other file in its place. Empty if the system has
	/// nothing that does.
	private volatile Optional<Object> fileKey = Optional.empty();

	private SqliteFolder(Path folder, FileChannel lockFile, StoreProperties properties) {
		this.folder = folder;
		this.lockFile = lockFile;
		this.properties = properties;
		this.room = new DiskRoom(folder, properties.minFree().toBytes());
		this.indexRoom = new LogIndexRoom(folder.resolve("adagrad.db-shm"), this.room.diskBytes());
	}

	/// Makes the folder if it is missing, and locks it.
	/// @throws StartException if the folder cannot be made or locked
	static SqliteFolder lock(StoreProperties properties) {
		Path folder = properties.path().toAbsolutePath().normalize();
		try {
			OwnerOnly.makeFolder(folder);
			Path lock = folder.resolve("adagrad.lock");
			OwnerOnly.makeFile(lock);
			FileChannel lockFile = FileChannel.open(lock, StandardOpenOption.WRITE);
			boolean locked = false;
			try {
				locked = isLocked(lockFile);
			}
			finally {
				if (!locked) {
					lockFile.close();
				}
			}
			if (locked) {
				return new SqliteFolder(folder, lockFile, properties);
			}
		}
		catch (IOException ex) {
			throw new StartException("The folder of the store, " + folder + ", cannot be written to: " + ex + ".",
					"Let adagrad.store.path name a folder that this user may make files in.", ex);
		}
		throw new StartException("The folder of the store, " + folder + ", is in use by another process.",
				"Stop that process, let adagrad.store.path name another folder, or share one PostgreSQL database "
						+ "(adagrad.store.kind=postgresql).",
				null);
	}

	private static boolean isLocked(FileChannel lockFile) throws IOException {
		try {
			return lockFile.tryLock() != null;
		}
		catch (OverlappingFileLockException ex) {
			// another store of this JVM has it
			return false;
		}
	}

	/// Waits until the disk has the whole write-ahead log, if there is one. SQLite itself
	/// does so wherever it relies on that, and reports any failure.
	void syncLog() {
		try (FileChannel log = FileChannel.open(this.folder.resolve("adagrad.db-wal"), StandardOpenOption.WRITE)) {
			log.force(false);
		}
		catch (IOException ex) {
			LOG.debug("the write-ahead log could not be brought to the disk ahead of time", ex);
		}
	}

	/// The room on the folder's disk.
	DiskRoom room() {
		return this.room;
	}

	/// Whether the opened database is still in its place. If not, nobody will find what
	/// is written to it.
	boolean isInPlace() {
		try {
			return fileKey().equals(this.fileKey);
		}
		catch (IOException ex) {
			LOG.debug("the database is not in its place", ex);
			return false;
		}
	}

	private Optional<Object> fileKey() throws IOException {
		return Optional.ofNullable(Files.readAttributes(file(), BasicFileAttributes.class).fileKey());
	}

	/// The folder, as messages name it.
	String place() {
		return this.folder.toString();
	}

	/// Opens the connection that writes, with tables of our version.
	/// @throws StartException if the file is no database of this service, or SQLite
	/// cannot be loaded
	First openFirst() {
		SqliteLibrary.load(this.folder);
		while (true) {
			try {
				First first = tryFirst();
				this.room.keep();
				return first;
			}
			catch (FullException ex) {
				// only once, since the reserve is gone then
				if (!this.room.release()) {
					throw new StartException("The disk of " + this.folder + " is full: " + ex.getMessage() + ".",
							"Make room for some 8 MB on it; then sessions can be deleted.", ex);
				}
			}
		}
	}

	private First tryFirst() throws FullException {
		if (file().toFile().exists() && file().toFile().length() == 0) {
			LOG.warn("{} was there, but empty; sessions begin anew", file());
		}
		try {
			OwnerOnly.makeFile(file());
			for (String suffix : List.of("-wal", "-shm")) {
				Path beside = this.folder.resolve(file().getFileName() + suffix);
				if (Files.exists(beside)) {
					OwnerOnly.makeFile(beside);
				}
			}
			Database database = openWriter(dataSource(true));
			try {
				this.fileKey = fileKey();
				check(database);
				Schema.bring(database, Dialect.SQLITE, "sqlite", dataSource(false), this.folder.toString(),
						(ex) -> false);
				// the tables are recorded, but may be gone
				database.one("SELECT session_key FROM sessions LIMIT 1", (result) -> true);
				// SQLite opens a read-only file without an error
				database.update("UPDATE store_clock SET observed = observed");
				return new First(database, pageBytes(database), witness(database));
			}
			catch (IOException | SQLException | RuntimeException ex) {
				database.close();
				throw ex;
			}
		}
		catch (IOException ex) {
			if (this.room.freeBytes() < SOME_BYTES) {
				throw new FullException(ex);
			}
			throw new StartException("The store in " + file() + " cannot be opened: " + ex + ".",
					"Let nothing else change that folder.", ex);
		}
		catch (SQLException ex) {
			if (SqliteErrors.isFull(ex) || this.room.freeBytes() < SOME_BYTES) {
				throw new FullException(ex);
			}
			throw new StartException(
					"The store in " + file()
							+ (SqliteErrors.isForeign(ex) ? " is no SQLite database."
									: " cannot be opened: " + ex.getMessage() + "."),
					"Put a copy of the store in its place, or let adagrad.store.path name another folder.", ex);
		}
	}

	/// @throws StartException if the check finds the file damaged
	private void check(Database database) throws SQLException {
		String pragma = switch (this.properties.checkAtStart()) {
			case NONE -> "";
			case QUICK -> "PRAGMA quick_check(3)";
			case FULL -> "PRAGMA integrity_check(3)";
		};
		if (pragma.isEmpty()) {
			return;
		}
		List<String> found = database.all(pragma, (result) -> result.getString(1));
		if (!found.equals(List.of("ok"))) {
			throw new StartException("The store in " + file() + " is damaged: " + String.join("; ", found) + ".",
					"Put a copy of the store in its place; or, to go on with what can be read, let "
							+ "adagrad.store.check-at-start be none.",
					null);
		}
		LOG.info("{} was looked through, and nothing found", file());
	}

	/// @throws StartException if commits are missing that had waited for the disk
	private Witness witness(Database database) throws IOException, SQLException {
		Path file = this.folder.resolve("adagrad.witness");
		OwnerOnly.makeFile(file);
		Witness witness = Witness.open(file);
		Optional<String> missing = witness.missing(database);
		if (missing.isPresent()) {
			String told = "The store in " + this.folder + " has lost its newest commits: " + missing.get() + ".";
			switch (this.properties.durability()) {
				case OS ->
					LOG.warn("{} Without adagrad.store.durability=fsync that is what a loss of power can do.", told);
				case FSYNC -> throw new StartException(told
						+ " Its write-ahead log, adagrad.db-wal, was cut or damaged, or an older copy put in its place.",
						"Put a copy of the store in its place; or, to go on with what is there, remove " + file + ".",
						null);
			}
		}
		return witness;
	}

	/// Opens another connection that writes to the database that was opened first.
	Database openWriter() throws SQLException {
		try {
			return openWriter(dataSource(false));
		}
		catch (IOException ex) {
			throw new SQLException("there is no room for the index of the log", ex);
		}
	}

	private Database openWriter(DataSource dataSource) throws IOException, SQLException {
		Database database = open(dataSource, List.of("PRAGMA page_size = " + PAGE_BYTES, "PRAGMA journal_mode = WAL",
				"PRAGMA synchronous = " + switch (this.properties.durability()) {
					case FSYNC -> "FULL";
					case OS -> "NORMAL";
				},
				// the committer decides when to copy the log
				"PRAGMA wal_autocheckpoint = 0",
				"PRAGMA journal_size_limit = " + Math.min(LONGEST_LOG, this.room.diskBytes() / LOG_PART),
				"PRAGMA cache_size = -32768"));
		try {
			database.one("PRAGMA max_page_count = " + maxPages(pageBytes(database)), (result) -> true);
			this.indexRoom.take(database);
			return database;
		}
		catch (IOException | SQLException | RuntimeException ex) {
			database.close();
			throw ex;
		}
	}

	private static int pageBytes(Database database) throws SQLException {
		return database.one("PRAGMA page_size", (result) -> result.getInt(1)).orElseThrow();
	}

	/// Opens a connection that reads.
	Database openReader() throws SQLException {
		return open(dataSource(false), List.of("PRAGMA query_only = 1", "PRAGMA cache_size = -4096"));
	}

	private Database open(DataSource dataSource, List<String> pragmas) throws SQLException {
		Connection connection = dataSource.getConnection();
		try (Statement statement = connection.createStatement()) {
			for (String pragma : pragmas) {
				statement.execute(pragma);
			}
			return Database.keepingStatements(connection, this.room::require);
		}
		catch (SQLException | RuntimeException ex) {
			connection.close();
			throw ex;
		}
	}

	private long maxPages(int pageBytes) {
		long bytes = this.properties.maxSize().toBytes();
		return (bytes == 0) ? MOST_PAGES : Math.min(MOST_PAGES, bytes / pageBytes);
	}

	/// @param create whether to make the file if there is none
	private DataSource dataSource(boolean create) {
		SQLiteConfig config = new SQLiteConfig();
		if (!create) {
			config.resetOpenMode(SQLiteOpenMode.CREATE);
		}
		SQLiteDataSource dataSource = new SQLiteDataSource(config);
		dataSource.setUrl("jdbc:sqlite:" + file());
		// nobody asks for generated keys, and the driver would run a query after each
		// INSERT
		dataSource.setGetGeneratedKeys(false);
		return dataSource;
	}

	private Path file() {
		return this.folder.resolve("adagrad.db");
	}

	@Override
	public void close() {
		try {
			this.indexRoom.close();
		}
		catch (IOException ex) {
			LOG.debug("the index of the log stays open", ex);
		}
		try {
			this.lockFile.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/// The disk has no room to open the database.
	private static final class FullException extends Exception {

		FullException(Exception cause) {
			super(cause.getMessage(), cause);
		}

	}

	/// What was opened.
	///
	/// @param pageBytes the page size of the file, whoever has made it
	/// @param witness the witness of its commits
	record First(Database database, int pageBytes, Witness witness) {

	}

}
