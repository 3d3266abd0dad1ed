/// Messages with tensors, as bytes: strict JSON in and out, safetensors files, and the converters that Spring calls.
///
/// We wrote the JSON code ourselves, instead of using Jackson's data binding, for two reasons. Strictness: when Jackson
/// binds to a `double[]`, it reads a string as base64, takes `"NaN"` and `"2.5"` for numbers, lets the last of two
/// equal fields win and makes `1e400` infinite. All of this would silently change someone's weights. Speed: numbers
/// make up the cost of a step over HTTP, and here they go from the bytes into primitive arrays as they arrive.
///
/// What a message is ([dev.adagrad.wire.MessageType]: fields, kinds, how the record is made) is separate from how it
/// is written ([dev.adagrad.wire.JsonMessageReader], [dev.adagrad.wire.JsonMessageWriter]), so that another format is
/// just another codec for the same records. Every refusal is a [dev.adagrad.refusal.Refusal], whatever the format.
@NullMarked
package dev.adagrad.wire;

import org.jspecify.annotations.NullMarked;
