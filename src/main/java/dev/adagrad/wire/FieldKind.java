package dev.adagrad.wire;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.tensor.TensorNames;

/// The kinds of value that a field may hold. The record's component is null if the field is absent.
enum FieldKind {

	/// A number or an array of numbers that a client sends: [Numbers].
	NUMBERS,
	/// An array of numbers that a client sends and that may be too long for memory:
	/// [Blocks] of [Numbers].
	STAGED_NUMBERS,
	/// A number or an array of numbers that the service writes: [Tensor].
	TENSOR,
	/// An array of numbers that the service writes block by block: [Blocks] of [Tensor].
	TENSOR_BLOCKS,
	/// An array of indices; a client must send at least one: [Indices].
	INDICES,
	/// A finite number in F64: `Double`.
	DOUBLE,
	/// A number whose value is an integer of 64 bits: `Long`.
	LONG,
	/// A number whose value is an integer of 32 bits: `Integer`.
	INTEGER,
	/// An array of up to eight integers of 64 bits, each ≥ 1, perhaps none: a `List` of
	/// `Long`.
	SHAPE,
	/// An array of up to eight finite numbers in F64, perhaps none: a `List` of
	/// `Double`.
	DOUBLES,
	/// `true` or `false`: `Boolean`.
	BOOLEAN,
	/// One of a few strings: an enum, by its [WireNames].
	ENUM,
	/// The dtype of the message's tensors, by its name: `DType`.
	DTYPE,
	/// Some of a few strings: a `Set` of an enum, by its [WireNames].
	ENUM_SET,
	/// Any string: `String`.
	STRING,
	/// A point in time that the service writes, RFC 3339 in UTC: `Instant`.
	INSTANT,
	/// An object: a record that is a message. A file of tensors holds its JSON as a
	/// string.
	MESSAGE,
	/// An object of at least one object, each under the name of a tensor, see
	/// [TensorNames]: a `Map` of one record that is a message. In a file of tensors,
	/// each tensor in these objects is a tensor of the file, such as `grad/the.name`.
	NAMED,
	/// An array of objects that the service writes: a `List` of one record that is a
	/// message.
	MESSAGES;

	/// Whether a client may send it.
	boolean isReadable() {
		return switch (this) {
			case TENSOR, TENSOR_BLOCKS, INSTANT, MESSAGES -> false;
			case NUMBERS, STAGED_NUMBERS, INDICES, DOUBLE, LONG, INTEGER, SHAPE, DOUBLES, BOOLEAN, ENUM, DTYPE,
					ENUM_SET, STRING, MESSAGE, NAMED ->
				true;
		};
	}

	/// Whether it holds an array of numbers, or a bare number of the same kind.
	boolean isTensor() {
		return switch (this) {
			case NUMBERS, STAGED_NUMBERS, TENSOR, TENSOR_BLOCKS, INDICES -> true;
			default -> false;
		};
	}

	/// Whether an ASCII string can hold it.
	boolean isText() {
		return switch (this) {
			case LONG, INTEGER, BOOLEAN, ENUM, DTYPE, MESSAGE -> true;
			default -> false;
		};
	}

}
