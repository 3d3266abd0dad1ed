package dev.adagrad.wire;

/// Marks a record that travels on the wire; its components are the fields, see [MessageType].
public interface Message {

	/// About how many bytes of the heap the work for this request takes, besides the
	/// request itself. Called once the request is known to be valid.
	default long workingBytes() {
		return 0;
	}

}
