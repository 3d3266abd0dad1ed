package dev.adagrad.session.store;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;

/// A session that has expired and is not removed yet.
///
/// @param tenant whose it is
/// @param id its name, as the store has it
/// @param expiresAt when it expired, by the store's clock
public record Expired(String tenant, String id, @JsonProperty("expires_at") Instant expiresAt) {

}
