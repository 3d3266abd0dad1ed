package dev.adagrad.session.http;

import dev.adagrad.tensor.Indices;
import dev.adagrad.wire.Message;
import org.jspecify.annotations.Nullable;

/// One named tensor of which a client wants to read elements.
///
/// @param indices the entries along the first axis; all if it is absent
record TensorLookupRequest(@Nullable Indices indices) implements Message {
}
