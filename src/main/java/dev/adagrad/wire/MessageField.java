package dev.adagrad.wire;

import java.lang.invoke.MethodHandle;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/// A field of a message.
///
/// @param index the index in [MessageType#fields()]
/// @param name the name on the wire
/// @param pointer the field as an RFC 6901 pointer: `/grad`
/// @param kind the kind of value that it holds
/// @param isReadable whether a client may send it or leave it out
/// @param always whether it is written as `null` if it is absent, instead of left out
/// @param constants the names that are its possible values, if it holds constants
/// @param type the type of each message in the field, if it holds messages that a client may send
/// @param getter takes its value out of a message
record MessageField(int index, String name, String pointer, FieldKind kind, boolean isReadable, boolean always,
		@Nullable WireNames<?> constants, @Nullable MessageType<?> type, MethodHandle getter) {

	/// The names that are its possible values.
	/// @throws IllegalStateException unless the kind is [FieldKind#ENUM],
	/// [FieldKind#DTYPE] or [FieldKind#ENUM_SET]
	WireNames<?> names() {
		if (this.constants == null) {
			throw new IllegalStateException(this.name + " is of kind " + this.kind);
		}
		return this.constants;
	}

	/// The type of each message in a field of kind [FieldKind#NAMED] or
	/// [FieldKind#MESSAGE].
	MessageType<?> nested() {
		return Objects.requireNonNull(this.type);
	}

	/// Whether it is a tensor, or named messages with tensors.
	boolean isOfTensors() {
		return this.kind.isTensor()
				|| (this.type != null && this.type.fields().stream().anyMatch(MessageField::isOfTensors));
	}

	/// The value of this field in a message; null if it is absent.
	@Nullable Object valueIn(Message message) {
		try {
			return (Object) this.getter.invokeExact((Object) message);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
