package dev.adagrad.session.store;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;

/// A session that has expired, and was not removed yet.
///
/// @param id its name, as it stands in the store
/// @param expiresAt since when, by the store's clock
public record Expired(String id, @JsonProperty("expires_at") Instant expiresAt) {

}
