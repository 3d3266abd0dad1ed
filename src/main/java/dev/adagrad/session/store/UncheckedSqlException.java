package dev.adagrad.session.store;

import java.sql.SQLException;

/// Carries an SQLException through code of others that cannot throw it.
final class UncheckedSqlException extends RuntimeException {

	private final SQLException sql;

	UncheckedSqlException(SQLException sql) {
		super(sql);
		this.sql = sql;
	}

	SQLException sql() {
		return this.sql;
	}

}
