package dev.adagrad.wire;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/// The plans of headers that were read lately. Who steps in a loop sends the same header with every step, and parsing it
/// costs as much as the data of a thousand elements.
///
/// A header has one place, by its bytes; one that comes later takes it over. What is kept is bounded by
/// {@value #PLACES} headers of {@value #LONGEST} bytes.
///
/// Safe for use by any number of threads.
final class KnownPlans {

	private static final int PLACES = 128;

	private static final int LONGEST = 1024;

	private final AtomicReferenceArray<@Nullable Known> places = new AtomicReferenceArray<>(PLACES);

	/// The plan of a header, if it is known.
	/// @param header all its bytes
	/// @param maxElements the most elements of a tensor
	@Nullable SafetensorsPlan find(MessageType<?> type, byte[] header, int maxElements) {
		Known known = this.places.get(place(header));
		return (known != null && known.type == type && known.maxElements == maxElements
				&& Arrays.equals(known.header, header)) ? known.plan : null;
	}

	/// Keeps a plan, unless its header is long.
	/// @param header all its bytes, not written to any more
	void keep(MessageType<?> type, byte[] header, int maxElements, SafetensorsPlan plan) {
		if (header.length <= LONGEST) {
			this.places.set(place(header), new Known(type, header, maxElements, plan));
		}
	}

	private static int place(byte[] header) {
		int hash = Arrays.hashCode(header);
		return (hash ^ (hash >>> 16)) & (PLACES - 1);
	}

	private static final class Known {

		private final MessageType<?> type;

		private final byte[] header;

		private final int maxElements;

		private final SafetensorsPlan plan;

		private Known(MessageType<?> type, byte[] header, int maxElements, SafetensorsPlan plan) {
			this.type = type;
			this.header = header;
			this.maxElements = maxElements;
			this.plan = plan;
		}

	}

}
