/// Sessions kept in a database: SQLite, embedded, or PostgreSQL, shared between replicas. Both run the same SQL, except
/// where a step changes a few elements: over a network only these are moved, in few round trips.
@NullMarked
package dev.adagrad.session.store;

import org.jspecify.annotations.NullMarked;
