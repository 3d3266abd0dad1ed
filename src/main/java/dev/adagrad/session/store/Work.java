package dev.adagrad.session.store;

import java.sql.SQLException;

/// What is to be done with a database, inside a transaction that others begin and end. It may be called again after a
/// rollback.
///
/// @param <A> what comes of it
@FunctionalInterface
public interface Work<A> {

	A run(Database database) throws SQLException;

}
