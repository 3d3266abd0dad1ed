package dev.adagrad.session.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.caller.Tenant;
import dev.adagrad.session.OptimizerId;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/// For operators: lists the sessions that have expired and are not removed yet, and brings one back, for example after
/// a clock was wrong. Answers over HTTP only if `management.endpoints.web.exposure.include` names `expiredsessions`.
@Endpoint(id = "expiredsessions")
class ExpiredSessionsEndpoint {

	private static final int MOST = 1000;

	private final ManagedStore store;

	ExpiredSessionsEndpoint(ManagedStore store) {
		this.store = store;
	}

	/// At most a thousand sessions, in the order in which they expired.
	@ReadOperation
	Listing list() {
		return new Listing(this.store.expired(MOST));
	}

	/// Brings an expired session back. It then lives as long as after a step taken now.
	/// Answers 404 if no expired session has this id.
	/// @param tenant whose session it is; the default tenant's if it is not given
	@WriteOperation
	WebEndpointResponse<Revived> revive(@Selector String id, @Nullable String tenant) {
		String owner = Objects.requireNonNullElse(tenant, Tenant.DEFAULT.name());
		Optional<OptimizerId> valid = OptimizerId.isValid(id) && Tenant.isValid(owner)
				? Optional.of(new OptimizerId(new Tenant(owner), id)) : Optional.empty();
		return valid.flatMap(this.store::revive)
			.flatMap((session) -> session.expiresAt())
			.map((expiresAt) -> new WebEndpointResponse<>(new Revived(id, expiresAt)))
			.orElseGet(() -> new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND));
	}

	/// The expired sessions.
	///
	/// @param sessions in the order in which they expired
	record Listing(List<ManagedStore.Expired> sessions) {

	}

	/// A session that was brought back.
	///
	/// @param id its name
	/// @param expiresAt when it expires now
	record Revived(String id, @JsonProperty("expires_at") Instant expiresAt) {

	}

}
