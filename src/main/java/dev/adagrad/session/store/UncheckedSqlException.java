package dev.adagrad.session.store;

import java.sql.SQLException;

/// Carries an SQLException through code that cannot throw it.
public final class UncheckedSqlException extends RuntimeException {

	private final SQLException sql;

	public UncheckedSqlException(SQLException sql) {
		super(sql);
		this.sql = sql;
	}

	public SQLException sql() {
		return this.sql;
	}

}
