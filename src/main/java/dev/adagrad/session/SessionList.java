package dev.adagrad.session;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.adagrad.wire.Message;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// A page of sessions.
///
/// @param sessions by the bytes of their ids
/// @param next where the next page begins: to be sent as `after`; null after the last
@Schema(description = SessionTexts.LIST)
record SessionList(
// @formatter:off
		@Schema(description = SessionTexts.SESSIONS)
		@NotNull List<SessionDescription> sessions,
		@Schema(description = SessionTexts.NEXT, requiredMode = Schema.RequiredMode.REQUIRED,
				types = { "string", "null" })
		@JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String next) implements Message {
		// @formatter:on

}
