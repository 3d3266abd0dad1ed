package dev.adagrad.wire;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/// The headers of safetensors files that were read lately. Who steps in a loop sends the same one with every step, and
/// parsing it costs as much as a thousand elements.
///
/// A header has one place, by its bytes; one that comes later takes it over. What is kept is bounded by
/// {@value #PLACES} headers of {@value #LONGEST} bytes.
///
/// Safe for use by any number of threads.
final class KnownHeaders {

	private static final int PLACES = 128;

	private static final int LONGEST = 1024;

	private final AtomicReferenceArray<@Nullable Known> places = new AtomicReferenceArray<>(PLACES);

	/// As [SafetensorsHeader#parse], or what that once made of the same bytes.
	/// @param bytes not written to any more
	SafetensorsHeader parse(byte[] bytes, int maxElements) {
		if (bytes.length > LONGEST) {
			return SafetensorsHeader.parse(bytes, maxElements);
		}
		int hash = Arrays.hashCode(bytes);
		int place = (hash ^ (hash >>> 16)) & (PLACES - 1);
		Known known = this.places.get(place);
		if (known != null && known.maxElements == maxElements && Arrays.equals(known.bytes, bytes)) {
			return known.header;
		}
		SafetensorsHeader header = SafetensorsHeader.parse(bytes, maxElements);
		this.places.set(place, new Known(bytes, maxElements, header));
		return header;
	}

	private static final class Known {

		private final byte[] bytes;

		private final int maxElements;

		private final SafetensorsHeader header;

		private Known(byte[] bytes, int maxElements, SafetensorsHeader header) {
			this.bytes = bytes;
			this.maxElements = maxElements;
			this.header = header;
		}

	}

}
