/// Sessions in PostgreSQL, shared between replicas. Each call is its own transaction, and the session's row is its
/// lock.
///
/// `PostgresTransactions` decides which failures are tried again and which refuse the call. `PrimaryTimeline` keeps a
/// server that was replaced from answering.
@NullMarked
package dev.adagrad.session.store.postgresql;

import org.jspecify.annotations.NullMarked;
