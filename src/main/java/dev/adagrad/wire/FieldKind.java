package dev.adagrad.wire;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.tensor.TensorNames;

/// What may stand in a field. Each is null in the record where the field is absent.
enum FieldKind {

	/// A number or an array of numbers, to be read: [Numbers].
	NUMBERS(true),
	/// An array of numbers that may be too many for memory, to be read: [Blocks] of
	/// [Numbers].
	STAGED_NUMBERS(true),
	/// A number or an array of numbers, to be written: [Tensor].
	TENSOR(false),
	/// An array of numbers, to be written block by block: [Blocks] of [Tensor].
	TENSOR_BLOCKS(false),
	/// An array of indices, at least one where it is read: [Indices].
	INDICES(true),
	/// A finite number in F64: `Double`.
	DOUBLE(true),
	/// A number whose value is an integer in 64 bits: `Long`.
	LONG(true),
	/// A number whose value is an integer in 32 bits: `Integer`.
	INTEGER(true),
	/// An array of integers in 64 bits, each ≥ 1, at most eight, perhaps none: a
	/// `List` of `Long`.
	SHAPE(true),
	/// An array of finite numbers in F64, at most eight, perhaps none: a `List` of
	/// `Double`.
	DOUBLES(true),
	/// `true` or `false`: `Boolean`.
	BOOLEAN(true),
	/// A string out of a few: an enum, by its [WireNames].
	ENUM(true),
	/// The dtype of the message's tensors, by its name: `DType`.
	DTYPE(true),
	/// Some strings out of a few: a `Set` of an enum, by its [WireNames].
	ENUM_SET(true),
	/// Any string: `String`.
	STRING(true),
	/// A point in time, RFC 3339 in UTC, to be written: `Instant`.
	INSTANT(false),
	/// An object: a record that is a message. In a file of tensors it is a string,
	/// its
	/// JSON.
	MESSAGE(true),
	/// An object of objects, each under the name of a tensor, see [TensorNames], at
	/// least one: a `Map` of one record that is a message. In a file of tensors what
	/// is a tensor is one of the file, `grad/the.name`.
	NAMED(true),
	/// An array of objects, to be written: a `List` of one record that is a message.
	MESSAGES(false);

	private final boolean readable;

	FieldKind(boolean readable) {
		this.readable = readable;
	}

	/// Whether a client may send it.
	boolean isReadable() {
		return this.readable;
	}

	/// Whether it is numbers in an array, or of the same kind without one.
	boolean isTensor() {
		return switch (this) {
			case NUMBERS, STAGED_NUMBERS, TENSOR, TENSOR_BLOCKS, INDICES -> true;
			default -> false;
		};
	}

	/// Whether it can be written as a string of ASCII.
	boolean isText() {
		return switch (this) {
			case LONG, INTEGER, BOOLEAN, ENUM, DTYPE, MESSAGE -> true;
			default -> false;
		};
	}

}
