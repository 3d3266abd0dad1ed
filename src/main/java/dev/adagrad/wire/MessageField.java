package dev.adagrad.wire;

import java.lang.invoke.MethodHandle;

import dev.adagrad.refusal.Excerpt;

import org.jspecify.annotations.Nullable;

/// A field of a message.
final class MessageField {

	private final int index;

	private final String name;

	private final String pointer;

	private final FieldKind kind;

	private final boolean primitive;

	private final boolean always;

	private final @Nullable WireNames<?> names;

	private final @Nullable MessageType<?> nested;

	private final MethodHandle getter;

	MessageField(int index, String name, FieldKind kind, boolean primitive, boolean always,
			@Nullable WireNames<?> names, @Nullable MessageType<?> nested, MethodHandle getter) {
		this.index = index;
		this.name = name;
		this.pointer = Excerpt.pointer(name);
		this.kind = kind;
		this.primitive = primitive;
		this.always = always;
		this.names = names;
		this.nested = nested;
		this.getter = getter;
	}

	/// The index in [MessageType#fields()].
	int index() {
		return this.index;
	}

	/// The name on the wire.
	String name() {
		return this.name;
	}

	/// The field as an RFC 6901 pointer: `/grad`.
	String pointer() {
		return this.pointer;
	}

	/// The kind of value that it holds.
	FieldKind kind() {
		return this.kind;
	}

	/// Whether a client may send it or leave it out.
	boolean isReadable() {
		return this.kind.isReadable() && !this.primitive && (this.nested == null || this.nested.isReadable());
	}

	/// Whether it is written as `null` if it is absent, instead of left out.
	boolean always() {
		return this.always;
	}

	/// The names that are its possible values.
	/// @throws IllegalStateException unless the kind is [FieldKind#ENUM],
	/// [FieldKind#DTYPE] or
	/// [FieldKind#ENUM_SET]
	WireNames<?> names() {
		if (this.names == null) {
			throw new IllegalStateException(this.name + " is of kind " + this.kind);
		}
		return this.names;
	}

	/// Whether it holds messages.
	boolean hasNested() {
		return this.nested != null;
	}

	/// The type of each message in the field.
	/// @throws IllegalStateException unless the kind is [FieldKind#NAMED] or
	/// [FieldKind#MESSAGE]
	MessageType<?> nested() {
		if (this.nested == null) {
			throw new IllegalStateException(this.name + " is of kind " + this.kind);
		}
		return this.nested;
	}

	/// Whether it is a tensor, or named messages with tensors.
	boolean isOfTensors() {
		return this.kind.isTensor()
				|| (this.nested != null && this.nested.fields().stream().anyMatch(MessageField::isOfTensors));
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
