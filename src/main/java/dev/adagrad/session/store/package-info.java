/// Sessions kept in a database: SQLite, embedded, or PostgreSQL, shared between replicas. One piece of SQL serves both, but for
/// steps of some elements: where there is a network, only these are moved, and in few round trips.
@NullMarked
package dev.adagrad.session.store;

import org.jspecify.annotations.NullMarked;
