package dev.adagrad.wire;

import java.io.IOException;
import java.io.InputStream;

import dev.adagrad.spool.Room;

/// How the body of a request becomes a message.
///
/// Safe for use by any number of threads.
public sealed interface MessageFormat permits JsonMessageConverter, SafetensorsMessageConverter {

	/// Reads a request, to the end of the stream, which is not closed.
	/// @param type of the message: a record that can be read
	/// @param contentLength how many bytes there will be, or −1 if that is not known
	/// @param room for what is read; the files in it that the message needs stay open
	/// @throws dev.adagrad.spool.OverloadedException if there is no room
	/// @throws MalformedBodyException if the body is not JSON, where it should be
	/// @throws MalformedFileException if the body is not a safetensors file, where it
	/// should be
	/// @throws InvalidFieldException if it is, and yet no such message
	/// @throws WrongDTypeException if a tensor has another dtype than it must have
	/// @throws IndexOutOfRangeException if an index is negative, or beyond 32 bits
	/// @throws TooLargeException if it is beyond the limits, before a byte is read where
	/// its length is declared
	/// @throws java.io.UncheckedIOException if the spool fails
	/// @throws IllegalArgumentException if no message can be read as `type` in this
	/// format
	Message read(Class<?> type, InputStream body, long contentLength, Room room) throws IOException;

}
