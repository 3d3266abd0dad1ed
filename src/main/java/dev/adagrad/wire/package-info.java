/// Messages with tensors, as bytes: strict JSON in and out, and the converters that Spring calls.
///
/// Written by us and not bound by Jackson for two reasons. Strictness: bound to a `double[]`, Jackson reads a string as
/// base64, takes `"NaN"` and `"2.5"` for numbers, lets the last of two equal fields win and makes `1e400` infinite, all
/// of which would move someone's weights in silence. Speed: numbers are what a step over HTTP costs, and here they go
/// from the bytes as they arrive into one growing primitive array.
///
/// What a message is ([dev.adagrad.wire.MessageType]: fields, kinds, how the record is made) is kept apart from how it
/// is written ([dev.adagrad.wire.JsonMessageReader], [dev.adagrad.wire.JsonMessageWriter]), so that another format is
/// another codec over the same records. What is refused is one of four exceptions, whatever the format: malformed, an
/// invalid field, an index out of range, too large.
@NullMarked
package dev.adagrad.wire;

import org.jspecify.annotations.NullMarked;
