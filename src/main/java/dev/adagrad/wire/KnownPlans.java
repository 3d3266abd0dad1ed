package dev.adagrad.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/// Remembers what headers mean. A client that steps in a loop sends the same header with every step, and parsing the
/// header costs as much as reading a thousand elements.
///
/// The hash of a header gives its place, where it replaces the previous header. There are {@value #PLACES} places for
/// headers of at most {@value #LONGEST} bytes, and {@value #PLACES_OF_MODELS} for the headers of models, of at most
/// {@value #LONGEST_OF_MODELS} bytes.
///
/// Safe for use by any number of threads.
final class KnownPlans {

	private static final int PLACES = 128;

	private static final int LONGEST = 1024;

	private static final int PLACES_OF_MODELS = 8;

	private static final int LONGEST_OF_MODELS = 64 * 1024;

	private final AtomicReferenceArray<@Nullable Known> places = new AtomicReferenceArray<>(PLACES + PLACES_OF_MODELS);

	/// The plan of a header, if it is known.
	/// @param header all its bytes
	/// @param maxElements the largest number of elements of a tensor
	@Nullable SafetensorsPlan find(MessageType<?> type, byte[] header, int maxElements) {
		Known known = this.places.get(place(header));
		return (known != null && known.type == type && known.maxElements == maxElements
				&& known.header.equals(ByteBuffer.wrap(header))) ? known.plan : null;
	}

	/// Keeps a plan, unless its header is too long.
	/// @param header all its bytes, which nobody may change any more
	void keep(MessageType<?> type, byte[] header, int maxElements, SafetensorsPlan plan) {
		if (header.length <= LONGEST_OF_MODELS) {
			this.places.set(place(header), new Known(type, ByteBuffer.wrap(header), maxElements, plan));
		}
	}

	private static int place(byte[] header) {
		int hash = Arrays.hashCode(header);
		hash ^= hash >>> 16;
		return (header.length <= LONGEST) ? hash & (PLACES - 1) : PLACES + (hash & (PLACES_OF_MODELS - 1));
	}

	private record Known(MessageType<?> type, ByteBuffer header, int maxElements, SafetensorsPlan plan) {
	}

}
