package dev.adagrad.session.http;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// A page of sessions.
///
/// @param sessions in the order of the bytes of their ids
/// @param next where the next page begins, to be sent as `after`; null on the last page
record SessionList(
// @formatter:off
		@NotNull List<SessionDescription> sessions,
		@JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String next) implements Message {
		// @formatter:on

}
