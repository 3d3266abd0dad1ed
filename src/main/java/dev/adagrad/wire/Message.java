package dev.adagrad.wire;

/// Marks a record that travels on the wire; its components are the fields, see [MessageType].
public interface Message {

	/// How many bytes of the heap it takes, about, to do what this request asks for,
	/// beside the request itself. Asked once the request is known to be valid.
	default long workingBytes() {
		return 0;
	}

}
