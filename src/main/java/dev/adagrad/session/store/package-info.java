/// Sessions kept in a database: SQLite, embedded, or PostgreSQL, shared between replicas. One piece of SQL serves both.
@NullMarked
package dev.adagrad.session.store;

import org.jspecify.annotations.NullMarked;
