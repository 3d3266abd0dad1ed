package dev.adagrad.session.store;

import java.sql.SQLException;

/// Work on a database, inside a transaction that others begin and end. It may be called again after a rollback.
///
/// @param <A> the type of its result
@FunctionalInterface
public interface Work<A> {

	A run(Database database) throws SQLException;

}
