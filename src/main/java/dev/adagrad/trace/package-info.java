/// Traces: a span for each call, and one for each of its phases. Off until a collector is named.
///
/// Spring Boot makes the tracer, the sampler and the exporter. The spans are made here and not of Micrometer's observations,
/// for three reasons: they have the names and attributes of OpenTelemetry's conventions, and metrics keep theirs; they
/// carry nothing that belongs to a user, such as the text of an exception or a URL with an optimizer id; and a call that
/// is not sampled costs next to nothing.
@NullMarked
package dev.adagrad.trace;

import org.jspecify.annotations.NullMarked;
