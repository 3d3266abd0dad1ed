package dev.adagrad.session.store.sqlite;

import java.sql.SQLException;

import dev.adagrad.session.store.Database;

/// Opens connections.
@FunctionalInterface
interface Opener {

	Database open() throws SQLException;

}
