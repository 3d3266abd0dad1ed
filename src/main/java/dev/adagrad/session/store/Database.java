package dev.adagrad.session.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

import dev.adagrad.refusal.Refusal;
import org.jspecify.annotations.Nullable;

/// A connection, and the statements run over it. It begins and ends no transaction. To be used by one thread at a time.
public final class Database implements AutoCloseable {

	private final Connection connection;

	/// Empty if the driver keeps statements itself.
	private final @Nullable Map<String, PreparedStatement> statements;

	private final LongConsumer transfers;

	private final Room room;

	private final int rowsAsValues;

	private byte[] scratch = new byte[0];

	private boolean written;

	private long bytesWritten;

	private Database(Connection connection, @Nullable Map<String, PreparedStatement> statements, LongConsumer transfers,
			Room room, int rowsAsValues) {
		this.room = room;
		this.rowsAsValues = rowsAsValues;
		this.connection = connection;
		this.statements = statements;
		this.transfers = transfers;
	}

	/// Keeps every prepared statement for as long as it is open.
	/// @param room on the disk
	public static Database keepingStatements(Connection connection, Room room) {
		return new Database(connection, new HashMap<>(), (bytes) -> {
		}, room, 1);
	}

	/// Lets the driver keep statements.
	public static Database overDriver(Connection connection) {
		return overDriver(connection, (bytes) -> {
		}, 0);
	}

	/// As [#overDriver(Connection)].
	/// @param transfers told how many bytes the statements that follow will move
	/// @param rowsAsValues up to how many rows a statement should put as values, and not
	/// as arrays
	public static Database overDriver(Connection connection, LongConsumer transfers, int rowsAsValues) {
		return new Database(connection, null, transfers, (database, bytes) -> {
		}, rowsAsValues);
	}

	int rowsAsValues() {
		return this.rowsAsValues;
	}

	/// Memory for what is written next. It may hold old data, and is filled anew after
	/// that write. With new memory for each chunk a dense step takes an eighth more CPU
	/// time.
	byte[] scratch(int bytes) {
		if (this.scratch.length != bytes) {
			this.scratch = new byte[bytes];
		}
		return this.scratch;
	}

	/// Says how many bytes are about to be moved, so that they may take their time.
	void willTransfer(long bytes) {
		this.transfers.accept(bytes);
	}

	/// Must be called before the first write that needs room.
	/// @param bytes about how many
	/// @throws Refusal if the disk has less room
	void requireRoom(long bytes) throws SQLException {
		this.room.require(this, bytes);
	}

	/// Runs some work, and counts what it writes until other work is run.
	public <A> A attempt(Work<A> work) throws SQLException {
		this.written = false;
		this.bytesWritten = 0;
		return work.run(this);
	}

	/// Whether the last [#attempt] has written anything; true also if that failed.
	public boolean written() {
		return this.written;
	}

	/// How many bytes of values the last [#attempt] has written.
	public long bytesWritten() {
		return this.bytesWritten;
	}

	/// Runs a statement that is no query and writes no rows, such as the end of a
	/// transaction.
	public void execute(String sql) throws SQLException {
		run(sql, (statement) -> statement.execute());
	}

	public <T> Optional<T> one(String sql, Mapper<ResultSet, T> mapper, @Nullable Object... arguments)
			throws SQLException {
		return all(sql, mapper, arguments).stream().findFirst();
	}

	public <T> List<T> all(String sql, Mapper<ResultSet, T> mapper, @Nullable Object... arguments) throws SQLException {
		return run(sql, (statement) -> {
			bind(statement, arguments);
			List<T> rows = new ArrayList<>(1);
			try (ResultSet results = statement.executeQuery()) {
				while (results.next()) {
					rows.add(mapper.map(results));
				}
			}
			return rows;
		});
	}

	/// Runs several statements; the last one is a query for one row.
	public <T> T last(String sql, Mapper<ResultSet, T> mapper) throws SQLException {
		return run(sql, (statement) -> {
			for (boolean rows = statement.execute(); !rows; rows = statement.getMoreResults()) {
				if (statement.getUpdateCount() < 0) {
					throw new SQLException("no row was answered");
				}
			}
			try (ResultSet result = statement.getResultSet()) {
				result.next();
				return mapper.map(result);
			}
		});
	}

	/// An INSERT or UPDATE that returns rows.
	<T> Optional<T> writing(String sql, Mapper<ResultSet, T> mapper, @Nullable Object... arguments)
			throws SQLException {
		this.written = true;
		return one(sql, mapper, arguments);
	}

	/// Runs a statement that writes rows.
	/// @return how many rows it wrote
	public int update(String sql, @Nullable Object... arguments) throws SQLException {
		this.written = true;
		return run(sql, (statement) -> {
			bind(statement, arguments);
			return statement.executeUpdate();
		});
	}

	/// Runs several statements that write rows, in one round trip if the database is
	/// remote.
	/// @throws LostRaceException if a statement wrote another number of rows than it must
	void updateTogether(List<Update> updates) throws SQLException {
		this.written = true;
		if (this.statements != null) {
			for (Update each : updates) {
				each.requireHits(update(each.sql, each.arguments.toArray()));
			}
			return;
		}
		run(updates.stream().map((each) -> each.sql).collect(Collectors.joining(";\n")), (statement) -> {
			bind(statement, updates.stream().flatMap((each) -> each.arguments.stream()).toArray());
			statement.execute();
			for (Update each : updates) {
				each.requireHits(statement.getUpdateCount());
				statement.getMoreResults();
			}
			return updates;
		});
	}

	private <T> T run(String sql, Mapper<PreparedStatement, T> use) throws SQLException {
		Map<String, PreparedStatement> kept = this.statements;
		if (kept == null) {
			try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
				return use.map(statement);
			}
		}
		// taken out while it runs, so that a statement that has failed is not used again
		PreparedStatement statement = kept.remove(sql);
		if (statement == null) {
			statement = this.connection.prepareStatement(sql);
		}
		try {
			T result = use.map(statement);
			kept.put(sql, statement);
			statement = null;
			return result;
		}
		finally {
			if (statement != null) {
				statement.close();
			}
		}
	}

	private void bind(PreparedStatement statement, @Nullable Object[] arguments) throws SQLException {
		for (int i = 0; i < arguments.length; i++) {
			Object argument = arguments[i];
			switch (argument) {
				case null -> statement.setNull(i + 1, Types.BIGINT);
				case Long value -> statement.setLong(i + 1, value);
				case Integer value -> statement.setInt(i + 1, value);
				case String value -> statement.setString(i + 1, value);
				case byte[] value -> {
					this.bytesWritten += value.length;
					statement.setBytes(i + 1, value);
				}
				// only PostgreSQL has arrays
				case byte[][] values -> {
					for (byte[] value : values) {
						this.bytesWritten += value.length;
					}
					statement.setArray(i + 1, this.connection.createArrayOf("bytea", values));
				}
				case Integer[] values -> statement.setArray(i + 1, this.connection.createArrayOf("integer", values));
				case Long[] values -> statement.setArray(i + 1, this.connection.createArrayOf("bigint", values));
				default -> throw new IllegalArgumentException("no parameter: " + argument.getClass());
			}
		}
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

	/// A statement that writes rows.
	///
	/// @param hits how many rows it must write, or else a race is lost; empty for any
	/// number
	record Update(OptionalInt hits, String sql, List<@Nullable Object> arguments) {

		static Update ofAny(String sql, @Nullable Object... arguments) {
			return new Update(OptionalInt.empty(), sql, Arrays.asList(arguments));
		}

		static Update of(int hits, String sql, @Nullable Object... arguments) {
			return new Update(OptionalInt.of(hits), sql, Arrays.asList(arguments));
		}

		private void requireHits(int actual) {
			if (this.hits.isPresent() && this.hits.getAsInt() != actual) {
				throw new LostRaceException();
			}
		}

	}

	/// Makes something of the current row of a result, or of a statement.
	@FunctionalInterface
	public interface Mapper<F, T> {

		T map(F from) throws SQLException;

	}

	/// Room for what is to be written.
	@FunctionalInterface
	public interface Room {

		/// Lets a write pass that needs about this many bytes.
		/// @throws Refusal if there is not enough room
		void require(Database database, long bytes) throws SQLException;

	}

}
