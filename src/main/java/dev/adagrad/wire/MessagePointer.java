package dev.adagrad.wire;

import dev.adagrad.tensor.TensorNames;
import org.jspecify.annotations.Nullable;

/// The JSON pointer to a value in a message, made along the components of its record: `tensors`, then the key `emb`, then
/// `initialParameter` is `/tensors/emb/initial_parameter`.
///
/// Not thread-safe.
public final class MessagePointer {

	private final StringBuilder pointer = new StringBuilder();

	private @Nullable MessageType<?> type;

	/// @param root the class of the message
	public MessagePointer(Class<?> root) {
		this.type = MessageType.isMessage(root) ? MessageType.ofAny(root) : null;
	}

	/// Goes on to a component. It keeps its own name where no message has it.
	public void component(String name) {
		MessageField field = (this.type != null) ? this.type.ofComponent(name) : null;
		this.pointer.append((field != null) ? field.pointer() : '/' + name);
		this.type = (field != null) ? field.type() : null;
	}

	/// Goes on to one of several named messages.
	public void key(String name) {
		this.pointer.append(TensorNames.pointer(name));
	}

	/// An RFC 6901 pointer.
	@Override
	public String toString() {
		return this.pointer.toString();
	}

}
