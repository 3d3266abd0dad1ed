package dev.adagrad.session.store;

import java.sql.SQLException;

/// Opens connections.
@FunctionalInterface
interface Opener {

	Database open() throws SQLException;

}
