/// Sessions in PostgreSQL, shared between replicas: each call is a transaction of its own, and the session's row is its
/// lock.
///
/// `PostgresTransactions` decides what is tried again and what is refused; `PrimaryTimeline` keeps a server that was
/// replaced from answering.
@NullMarked
package dev.adagrad.session.store.postgresql;

import org.jspecify.annotations.NullMarked;
