package dev.adagrad.session.store.postgresql;

import java.sql.Connection;
import java.sql.SQLException;

import dev.adagrad.session.store.UncheckedSqlException;

/// How long one connection waits for the server. It waits briefly, so that a server which does not answer is found out
/// in time, and longer the more bytes a transaction has moved.
final class Patience {

	/// Less than the 2 s within which a caller must have its answer. More than the time
	/// for which a statement may wait for a lock.
	private static final int LEAST_MILLIS = 1500;

	private static final int BYTES_PER_MILLI = 4096;

	private final Connection connection;

	private long bytes;

	private int millis;

	Patience(Connection connection) throws SQLException {
		this.connection = connection;
		this.millis = LEAST_MILLIS;
		this.connection.setNetworkTimeout(Runnable::run, LEAST_MILLIS);
	}

	void transfers(long more) {
		this.bytes += more;
		int needed = (int) Math.min(Integer.MAX_VALUE, LEAST_MILLIS + this.bytes / BYTES_PER_MILLI);
		// the timeout is not set anew for every little step
		if (needed > this.millis + LEAST_MILLIS / 10) {
			this.millis = needed;
			try {
				this.connection.setNetworkTimeout(Runnable::run, needed);
			}
			catch (SQLException ex) {
				throw new UncheckedSqlException(ex);
			}
		}
	}

}
