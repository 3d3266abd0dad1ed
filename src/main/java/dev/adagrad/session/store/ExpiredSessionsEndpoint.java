package dev.adagrad.session.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.session.OptimizerId;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/// For operators: which sessions have expired and are not removed yet, and bringing one back, after a clock that was wrong,
/// for one. Answers over HTTP only where `management.endpoints.web.exposure.include` names `expiredsessions`.
@Endpoint(id = "expiredsessions")
class ExpiredSessionsEndpoint {

	private static final int MOST = 1000;

	private final ManagedStore store;

	ExpiredSessionsEndpoint(ManagedStore store) {
		this.store = store;
	}

	/// Those that expired first come first; at most a thousand.
	@ReadOperation
	Listing list() {
		return new Listing(this.store.expired(MOST));
	}

	/// Has it live as long again as if it had been stepped now. Answered as 404 unless
	/// there is an expired session of this id.
	@WriteOperation
	WebEndpointResponse<Revived> revive(@Selector String id) {
		Optional<OptimizerId> valid = OptimizerId.isValid(id) ? Optional.of(new OptimizerId(id)) : Optional.empty();
		return valid.flatMap(this.store::revive)
			.flatMap((session) -> session.expiresAt())
			.map((expiresAt) -> new WebEndpointResponse<>(new Revived(id, expiresAt)))
			.orElseGet(() -> new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND));
	}

	/// What expired.
	///
	/// @param sessions those that expired first come first
	record Listing(List<Expired> sessions) {

	}

	/// A session that lives again.
	///
	/// @param id its name
	/// @param expiresAt until when
	record Revived(String id, @JsonProperty("expires_at") Instant expiresAt) {

	}

}
