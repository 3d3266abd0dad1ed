package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

import dev.adagrad.SafetensorsFile;
import dev.adagrad.refusal.Refusal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Files gone wrong by chance, with a plain reader (Jackson for the header, rule by rule for the rest) as the judge.
class SafetensorsFuzzTest {

	private static final int ROUNDS = 10_000;

	private static final Limits LIMITS = new Limits(100_000, 1000, Limits.LARGEST_SESSION);

	private static final SafetensorsMessageReader READER = new SafetensorsMessageReader();

	private static final List<String> METADATA = List.of("learning_rate", "step", "maximize", "dtype",
			"epsilon_placement", "include", "name", "size");

	private static final byte[][] SEEDS = {
			new SafetensorsFile().with("format", "pt")
				.with("learning_rate", "0.1")
				.doubles("parameter", 1, 2, 3)
				.doubles("grad", 0.5, -0.0, 1e300)
				.doubles("G", 0, 0, 0)
				.bytes(),
			new SafetensorsFile().floats("grad", List.of(), 0.5f).with("step", 41).with("name", "é€😀").bytes(),
			new SafetensorsFile().longs("indices", 3, 1)
				.floats("grad", List.of(2), 1, Float.MIN_VALUE)
				.with("include", "update")
				.bytes(),
			new SafetensorsFile().with("maximize", "true")
				.with("epsilon_placement", "inside_sqrt")
				.with("size", 7)
				.bytes() };

	private static final String[] PIECES = { "{", "}", "[", "]", ",", ":", "\"", "\\u0067", " ", "\n", "0", "1", "8",
			"16", "-", ".", "e0", "1.0", "null", "F64", "F32", "I64", "BF16", "dtype", "shape", "data_offsets", "grad",
			"G", "indices", "__metadata__", "format", "step", "18446744073709551616", "[0,8]", "[1]", "[]", "[3,1]",
			json("'x':'y',"), "\u0000", "é", "\uFEFF" };

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 41, 42, 43, 44 })
	void readingEndsInWhatAPlainReaderFindsOrInARefusal(long seed) {
		Random random = new Random(seed);
		int good = 0;
		int headerGood = 0;
		for (int i = 0; i < ROUNDS; i++) {
			byte[] file = mutated(random);
			String expected = judged(file);
			String announced = outcome(new ByteArrayInputStream(file), file.length);
			String unannounced = outcome(Documents.inChunks(file, 1 + random.nextInt(9)), -1);
			assertThat(announced.startsWith("refused") ? "refused" : announced).as("%s: %s", escaped(file), announced)
				.isEqualTo(expected);
			// the place may be another one: without a length the data is looked at first
			assertThat(unannounced.startsWith("refused") ? "refused" : unannounced)
				.as("%s: %s", escaped(file), unannounced)
				.isEqualTo(expected);
			good += expected.equals("refused") ? 0 : 1;
			headerGood += announced.contains("must be finite") ? 1 : 0;
			assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(announced) || !announced.startsWith("refused"))
				.isTrue();
		}
		// a fuzz that only ever sees bad files, or good ones, would show little
		assertThat(good).isBetween(ROUNDS / 20, ROUNDS / 20 * 19);
		assertThat(headerGood).isPositive();
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 51, 52 })
	void noiseIsRefused(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < ROUNDS; i++) {
			byte[] noise = new byte[random.nextInt(60)];
			random.nextBytes(noise);
			byte[] file = random.nextBoolean() ? noise : SafetensorsFile.of(noise.length / 2, noise);
			String outcome = outcome(new ByteArrayInputStream(file), -1);
			assertThat(outcome).as("%s", escaped(file)).matches("(?s)refused: .* at byte offset [0-9]+");
		}
	}

	private static byte[] mutated(Random random) {
		byte[] file = SEEDS[random.nextInt(SEEDS.length)];
		for (int times = random.nextInt(4); times > 0 && file.length > Long.BYTES; times--) {
			file = switch (random.nextInt(8)) {
				case 0 -> flipped(file, random);
				case 1 -> Arrays.copyOf(file, random.nextInt(file.length + 3));
				case 2 -> spliced(file, SEEDS[random.nextInt(SEEDS.length)], random);
				case 3 -> withValue(file, random);
				default -> withHeader(file, random);
			};
		}
		return file;
	}

	private static byte[] flipped(byte[] file, Random random) {
		byte[] flipped = file.clone();
		flipped[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
		return flipped;
	}

	private static byte[] spliced(byte[] file, byte[] other, Random random) {
		int at = random.nextInt(file.length);
		int from = random.nextInt(other.length);
		byte[] spliced = Arrays.copyOf(file, at + other.length - from);
		System.arraycopy(other, from, spliced, at, other.length - from);
		return spliced;
	}

	/// With another value near the end, where the data is.
	private static byte[] withValue(byte[] file, Random random) {
		byte[] changed = file.clone();
		int at = Math.max(0, file.length - Long.BYTES * (1 + random.nextInt(4)));
		if (file.length - at >= Long.BYTES) {
			double[] values = { Double.NaN, Double.NEGATIVE_INFINITY, -1, Double.MIN_VALUE, Double.MAX_VALUE };
			ByteBuffer.wrap(changed)
				.order(ByteOrder.LITTLE_ENDIAN)
				.putDouble(at, values[random.nextInt(values.length)]);
		}
		return changed;
	}

	/// With another header, whose length is told as it is.
	private static byte[] withHeader(byte[] file, Random random) {
		int length = (int) Math.clamp(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(), 0L,
				file.length - Long.BYTES);
		int from = Long.BYTES + random.nextInt(length + 1);
		int to = Math.min(Long.BYTES + length, from + random.nextInt(4));
		ByteArrayOutputStream header = new ByteArrayOutputStream();
		header.write(file, Long.BYTES, from - Long.BYTES);
		switch (random.nextInt(4)) {
			case 0 -> from = to;
			case 1 -> header.write(file, from, to - from);
			default -> {
				header.writeBytes(Documents.utf8(PIECES[random.nextInt(PIECES.length)]));
				from = random.nextBoolean() ? from : to;
			}
		}
		header.write(file, from, Long.BYTES + length - from);
		return SafetensorsFile.of(header.size(), header.toByteArray(),
				Arrays.copyOfRange(file, Long.BYTES + length, file.length));
	}

	private static String outcome(InputStream in, long contentLength) {
		try {
			return Documents.describe(READER.read(Documents.TYPE, in, contentLength, LIMITS, Documents.NO_SPOOL));
		}
		catch (Refusal ex) {
			return "refused: " + ex.getMessage();
		}
	}

	/// The same text, made without the service's reader.
	private static String judged(byte... bytes) {
		try {
			return new Judge(SafetensorsFile.parse(bytes)).message();
		}
		catch (IllegalArgumentException ex) {
			return "refused";
		}
	}

	private static String escaped(byte[] file) {
		return new String(file, StandardCharsets.ISO_8859_1);
	}

	/// What a file is as a message, by one rule after the other.
	///
	/// @param file as the format has it
	private record Judge(SafetensorsFile file) {

		String message() {
			Set<String> names = new LinkedHashSet<>(this.file.names());
			require(Set.of("parameter", "grad", "G", "indices").containsAll(names));
			Set<String> keys = this.file.metadata().keySet();
			require(keys.stream().allMatch((key) -> key.equals("format") || METADATA.contains(key)));
			names.remove("indices");
			List<String> dtypes = names.stream().map(this.file::dtype).distinct().toList();
			require(dtypes.size() <= 1 && List.of("F64", "F32").containsAll(dtypes));
			requireOneShape();
			List<String> parts = new ArrayList<>();
			for (String name : List.of("parameter", "grad", "G")) {
				parts.add(names.contains(name) ? floating(name) : "absent");
			}
			for (String name : METADATA) {
				String text = this.file.metadata().get(name);
				parts.add(name.equals("dtype") ? dtype(text, dtypes) : (text == null) ? "null" : value(name, text));
			}
			parts.add(this.file.names().contains("indices") ? indices() : "absent");
			return String.join(" ", parts);
		}

		private void requireOneShape() {
			List<List<Integer>> shapes = this.file.names().stream().map(this.file::shape).toList();
			for (List<Integer> shape : shapes) {
				require(!shape.contains(0));
				require(size(shape) != size(shapes.getFirst()) || shape.equals(shapes.getFirst()));
			}
		}

		private static int size(List<Integer> shape) {
			return shape.stream().reduce(1, (a, b) -> a * b);
		}

		private String floating(String name) {
			require(Arrays.stream(this.file.doubles(name)).allMatch(Double::isFinite));
			return this.file.shape(name) + Arrays.stream(this.file.doubles(name))
				.mapToObj((value) -> " " + Long.toHexString(Double.doubleToRawLongBits(value)))
				.collect(Collectors.joining());
		}

		private String indices() {
			long[] values = this.file.longs("indices");
			require(!this.file.shape("indices").isEmpty());
			require(Arrays.stream(values).allMatch((value) -> value >= 0));
			return Arrays.toString(values);
		}

		private static String dtype(@Nullable String text, List<String> dtypes) {
			if (text == null) {
				return dtypes.isEmpty() ? "null" : dtypes.getFirst();
			}
			require(dtypes.isEmpty() || dtypes.getFirst().equals(text));
			return oneOf(text, Map.of("F64", "F64", "F32", "F32"));
		}

		private static String value(String name, String text) {
			return switch (name) {
				case "learning_rate" -> {
					double value = number(text).doubleValue();
					require(Double.isFinite(value));
					yield Double.toString((value == 0 && text.startsWith("-")) ? -0.0 : value);
				}
				case "step" -> Long.toString(integer(text, Long.MIN_VALUE, Long.MAX_VALUE));
				case "size" -> Long.toString(integer(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
				case "maximize" -> oneOf(text, Map.of("true", "true", "false", "false"));
				case "epsilon_placement" ->
					oneOf(text, Map.of("inside_sqrt", "INSIDE_SQRT", "outside_sqrt", "OUTSIDE_SQRT"));
				case "include" -> include(text);
				default -> text;
			};
		}

		private static String include(String text) {
			if (text.isBlank()) {
				return "[]";
			}
			return Arrays.stream(text.split(",", -1))
				.map((part) -> oneOf(part.strip(),
						Map.of("update", "UPDATE", "effective_learning_rate", "EFFECTIVE_LEARNING_RATE")))
				.distinct()
				.sorted()
				.toList()
				.toString();
		}

		private static BigDecimal number(String text) {
			require(text.matches("-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]{1,9})?"));
			return new BigDecimal(text);
		}

		private static long integer(String text, long least, long most) {
			try {
				long value = number(text).longValueExact();
				require(value >= least && value <= most);
				return value;
			}
			catch (ArithmeticException ex) {
				throw new IllegalArgumentException(ex);
			}
		}

		private static String oneOf(String text, Map<String, String> allowed) {
			require(allowed.containsKey(text));
			return allowed.get(text);
		}

		private static void require(boolean rule) {
			if (!rule) {
				throw new IllegalArgumentException("a rule is broken");
			}
		}

	}

}
