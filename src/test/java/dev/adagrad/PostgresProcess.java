package dev.adagrad;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

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
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/postgres";
	}

	/// As `kill -9` does, with all processes of the server at once.
	public void kill() {
		try (Stream<String> lines = Files.lines(this.data.resolve("postmaster.pid"))) {
			ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(lines.findFirst().orElseThrow().strip()))
				.orElseThrow();
			List<ProcessHandle> processes = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
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
	public void sql(String sql) {
		try (Connection connection = DriverManager.getConnection(url(), "postgres", "postgres")) {
			connection.createStatement().execute(sql);
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
