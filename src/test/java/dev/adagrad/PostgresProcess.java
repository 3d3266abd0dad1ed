package dev.adagrad;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.util.FileSystemUtils;

/// A real PostgreSQL server in processes of its own, which commits as durably as a server does by itself, to be killed
/// and started again over the same data and on the same port.
public final class PostgresProcess implements AutoCloseable {

	private static final int PATIENCE_SECONDS = 30;

	private final Path data;

	private final int port;

	private EmbeddedPostgres server;

	private PostgresProcess(Path data, int port) {
		this.data = data;
		this.port = port;
		this.server = run();
	}

	/// Starts a standby of this server, over a copy of its data; this one is stopped and
	/// started again for it.
	/// @param folder for its data; empty
	public PostgresProcess startStandby(Path folder) {
		try {
			this.server.close();
			Path copy = folder.resolve("postgresql");
			FileSystemUtils.copyRecursively(this.data, copy);
			Files.deleteIfExists(copy.resolve("epg-lock"));
			Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
			Files.writeString(copy.resolve("postgresql.auto.conf"),
					"primary_conninfo = 'host=127.0.0.1 port=" + this.port + " user=postgres'\n");
			Files.createFile(copy.resolve("standby.signal"));
			this.server = run();
			return new PostgresProcess(copy, freePort());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/// Starts a server.
	/// @param folder for its data; empty
	public static PostgresProcess start(Path folder) {
		return new PostgresProcess(folder.resolve("postgresql"), freePort());
	}

	/// A port on which nothing listens now.
	public static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private EmbeddedPostgres run() {
		try {
			return EmbeddedPostgres.builder()
				.setPort(this.port)
				.setDataDirectory(this.data)
				.setCleanDataDirectory(false)
				.setRegisterShutdownHook(true)
				// what a server does by itself, and this library switches off
				.setServerConfig("synchronous_commit", "on")
				.setServerConfig("fsync", "on")
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/// What a service needs to reach it.
	public List<String> serviceArguments() {
		return List.of("--adagrad.store.kind=postgresql", "--spring.datasource.url=" + url(),
				"--spring.datasource.username=postgres", "--spring.datasource.password=postgres");
	}

	private String url() {
		return "jdbc:postgresql://" + host() + "/postgres";
	}

	/// And port, as a URL has them.
	public String host() {
		return "127.0.0.1:" + this.port;
	}

	/// As `kill -STOP` does, with all processes of the server.
	public void freeze() {
		signal("-STOP");
	}

	/// After [#freeze].
	public void wake() {
		signal("-CONT");
	}

	private void signal(String signal) {
		try {
			List<String> command = new ArrayList<>(List.of("kill", signal));
			processes().forEach((process) -> command.add(String.valueOf(process.pid())));
			// some may have ended meanwhile
			new ProcessBuilder(command).redirectErrorStream(true).start().onExit().join();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private List<ProcessHandle> processes() throws IOException {
		try (Stream<String> lines = Files.lines(this.data.resolve("postmaster.pid"))) {
			ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(lines.findFirst().orElseThrow().strip()))
				.orElseThrow();
			return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
		}
	}

	/// As `kill -9` does, with all processes of the server at once.
	public void kill() {
		try {
			List<ProcessHandle> processes = processes();
			processes.forEach(ProcessHandle::destroyForcibly);
			for (ProcessHandle process : processes) {
				process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
			}
			// it is stopped already; this gives its data free
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/// Starts it again, and waits until it answers.
	public void restart() {
		this.server = run();
	}

	/// Runs SQL.
	/// @return the first column of the first row, if there is one
	public Optional<String> sql(String sql) {
		try (Connection connection = DriverManager.getConnection(url(), "postgres", "postgres");
				Statement statement = connection.createStatement()) {
			if (!statement.execute(sql)) {
				return Optional.empty();
			}
			try (ResultSet result = statement.getResultSet()) {
				return result.next() ? Optional.ofNullable(result.getString(1)) : Optional.empty();
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
