package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.spool.Room;
import dev.adagrad.spool.UncountedRoom;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import org.jspecify.annotations.Nullable;

/// A message with a field of every kind, and ways to read one.
final class Documents {

	static final Limits LIMITS = new Limits(1 << 22, 100_000, Limits.LARGEST_SESSION);

	static final MessageType<Everything> TYPE = MessageType.of(Everything.class);

	/// For where nothing is staged.
	static final Room NO_SPOOL = new UncountedRoom(() -> {
		throw new AssertionError("nothing is staged");
	});

	static final JsonMessageReader READER = new JsonMessageReader();

	private Documents() {
	}

	static byte[] utf8(String document) {
		return document.getBytes(StandardCharsets.UTF_8);
	}

	static Everything read(String document) {
		return read(utf8(document));
	}

	static Everything read(byte[] document) {
		return read(new ByteArrayInputStream(document), document.length);
	}

	static Everything read(InputStream in, long contentLength) {
		try {
			return READER.read(TYPE, in, contentLength, LIMITS, NO_SPOOL);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/// What reading comes to, as a text that is equal exactly where the outcome is the
	/// same to the last bit.
	static String outcome(InputStream in, long contentLength) {
		try {
			return describe(read(in, contentLength));
		}
		catch (Refusal ex) {
			return outcome(ex.code()) + ": " + ex.getMessage();
		}
	}

	private static String outcome(Code code) {
		return switch (code) {
			case MALFORMED_BODY -> "malformed";
			case INVALID_FIELD -> "invalid";
			case INDEX_OUT_OF_RANGE -> "out of range";
			case TOO_LARGE -> "too large";
			default -> throw new AssertionError(code);
		};
	}

	static String outcome(byte[] document) {
		return outcome(new ByteArrayInputStream(document), document.length);
	}

	/// A message as a text that is equal exactly where it is the same to the last bit.
	static String describe(Everything everything) {
		return String.join(" ", bits(everything.parameter()), bits(everything.grad()), bits(everything.G()),
				String.valueOf(everything.learningRate()), String.valueOf(everything.step()),
				String.valueOf(everything.maximize()), String.valueOf(everything.dtype()),
				String.valueOf(everything.epsilonPlacement()), String.valueOf(everything.include()),
				String.valueOf(everything.name()), String.valueOf(everything.size()),
				(everything.indices() != null) ? Arrays.toString(everything.indices().values()) : "absent");
	}

	static String bits(@Nullable Numbers numbers) {
		if (numbers == null) {
			return "absent";
		}
		StringBuilder bits = new StringBuilder().append(numbers.shape().dimensions());
		for (int i = 0; i < numbers.size(); i++) {
			bits.append(' ').append(Long.toHexString(Double.doubleToRawLongBits(numbers.valueAt(i))));
		}
		return bits.toString();
	}

	/// Hands out at most `chunk` bytes at a time.
	static InputStream inChunks(byte[] document, int chunk) {
		return new ByteArrayInputStream(document) {
			@Override
			public synchronized int read(byte[] bytes, int offset, int length) {
				return super.read(bytes, offset, Math.min(chunk, length));
			}
		};
	}

	enum Placement {

		OUTSIDE_SQRT, INSIDE_SQRT

	}

	enum Include {

		EFFECTIVE_LEARNING_RATE, UPDATE

	}

	record Everything(@Nullable Numbers parameter, @Nullable Numbers grad, @JsonProperty("G") @Nullable Numbers G,
			@JsonProperty("learning_rate") @Nullable Double learningRate, @Nullable Long step,
			@Nullable Boolean maximize, @Nullable DType dtype,
			@JsonProperty("epsilon_placement") @Nullable Placement epsilonPlacement, @Nullable Set<Include> include,
			@Nullable String name, @Nullable Integer size, @Nullable Indices indices) implements Message {
	}

}
