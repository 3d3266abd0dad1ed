package dev.adagrad.session.store;

import java.time.Instant;

import dev.adagrad.session.OptimizerId;

/// A session that has expired, and was not removed yet.
///
/// @param id its name
/// @param expiresAt since when, by the store's clock
record Expired(OptimizerId id, Instant expiresAt) {

}
