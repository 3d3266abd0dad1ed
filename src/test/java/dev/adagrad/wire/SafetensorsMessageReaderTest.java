package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.sun.management.ThreadMXBean;
import dev.adagrad.SafetensorsFile;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.spool.CountedRoom;
import dev.adagrad.spool.Room;
import dev.adagrad.spool.SpoolFile;
import dev.adagrad.spool.TemporaryFiles;
import dev.adagrad.spool.UncountedRoom;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.adagrad.Json.json;
import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static dev.adagrad.refusal.RefusalAssertions.number;
import static dev.adagrad.refusal.RefusalAssertions.place;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/// What is read from files, and every way in which one can lie. The files are not made by our writer.
class SafetensorsMessageReaderTest {

	private static final MessageType<Restore> STAGED = MessageType.of(Restore.class);

	private static final MessageType<Sparse> SPARSE = MessageType.of(Sparse.class);

	/// In the header of an example, where the fault is to be told.
	private static final String HERE = "¦";

	private static final List<Integer> SCALAR = List.of();

	/// Around pieces of 64 KiB, of doubles and of floats.
	private static final int[] SIZES = { 1, 7, 8, 15, 16, 17, 8191, 8192, 8193, 16_383, 16_384, 16_385, 40_001 };

	@TempDir
	private Path folder;

	private final List<SpoolFile> opened = new ArrayList<>();

	@AfterEach
	void close() throws IOException {
		for (SpoolFile file : this.opened) {
			file.close();
		}
		assertThat(this.folder).isEmptyDirectory();
	}

	@Test
	void readsAFileWrittenOutByteByByte() {
		// struct.pack('<Q', 119), the header, struct.pack('<3f', 0.1, -0.0, 1e-45) and
		// struct.pack('<3q', 5, 0, 5)
		String header = json("{'grad':{'dtype':'F32','shape':[3],'data_offsets':[0,12]},"
				+ "'indices':{'dtype':'I64','shape':[3],'data_offsets':[12,36]}}");
		String bytes = "7700000000000000" + HexFormat.of().formatHex(Documents.utf8(header))
				+ "cdcccc3d0000008001000000" + "050000000000000000000000000000000500000000000000";
		Documents.Everything read = read(HexFormat.of().parseHex(bytes));
		assertThat(doubles(read.grad())).containsExactly(0.1f, -0.0, Float.MIN_VALUE);
		assertThat(read.indices()).extracting(Indices::values).isEqualTo(new long[] { 5, 0, 5 });
		assertThat(read.dtype()).isEqualTo(DType.F32);
		assertThat(read.parameter()).isNull();
	}

	@Test
	void readsEveryKindOfField() {
		SafetensorsFile file = new SafetensorsFile().doubles("parameter", List.of(1, 2), 1, 2)
			.doubles("grad", List.of(1, 2), -0.0, Double.MIN_VALUE)
			.doubles("G", List.of(1, 2), Double.MAX_VALUE, 0)
			.with("format", "pt")
			.with("learning_rate", "1e-3")
			.with("step", "9007199254740993")
			.with("maximize", "true")
			.with("epsilon_placement", "inside_sqrt")
			.with("include", "update, effective_learning_rate")
			.with("name", "é😀\"\\\n")
			.with("size", "-7");
		assertThat(Documents.describe(read(file.bytes()))).isEqualTo(
				"[1, 2] 3ff0000000000000 4000000000000000 [1, 2] 8000000000000000 1 [1, 2] 7fefffffffffffff 0 0.001"
						+ " 9007199254740993 true F64 INSIDE_SQRT [EFFECTIVE_LEARNING_RATE, UPDATE] é😀\"\\\n -7 absent");
	}

	@Test
	void absentIsNull() {
		String nothing = "absent absent absent null null null null null null null null absent";
		for (String header : List.of("{}", "{  }", "{}  \n", json("{'__metadata__':{}}"),
				json("{'__metadata__':{'format':''}}"))) {
			assertThat(Documents.describe(read(SafetensorsFile.of(header)))).isEqualTo(nothing);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "[]", "[1]", "[3]", "[2, 3]", "[3, 1]", "[2, 2, 2]", "[1, 1, 1, 1, 1]" })
	void shapesOfAnyRank(String text) {
		List<Integer> shape = Stream.of(text.replaceAll("[\\[\\] ]", "").split(","))
			.filter((part) -> !part.isEmpty())
			.map(Integer::valueOf)
			.toList();
		double[] values = new SplittableRandom(1).doubles(shape.stream().reduce(1, (a, b) -> a * b)).toArray();
		Numbers grad = read(new SafetensorsFile().doubles("grad", shape, values).bytes()).grad();
		assertThat(grad.shape().dimensions()).isEqualTo(shape);
		assertThat(doubles(grad)).isEqualTo(values);
	}

	/// With each length of the header the data begins elsewhere.
	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 4, 5, 6, 7, 8 })
	void anyOrderAndAnyAlignment(int padding) {
		SafetensorsFile tensors = new SafetensorsFile().longs("indices", 3, 1, 2)
			.doubles("G", 7, 8, 9)
			.doubles("parameter", 1, 2, 3)
			.doubles("grad", 4, 5, 6);
		String expected = Documents.describe(read(tensors.bytes()));
		assertThat(expected).contains("[3] 3ff0000000000000 4000000000000000 4008000000000000 [3] 4010");
		List<String> members = new ArrayList<>(List.of(tensors.header().split("(?<=}),|[{](?=\"indices)|}$")));
		members.removeIf(String::isEmpty);
		assertThat(members).hasSize(4);
		for (int i = 0; i < 4; i++) {
			Collections.rotate(members, 1);
			String header = "{" + String.join(",\n", members) + "}" + " ".repeat(padding);
			assertThat(Documents.describe(read(SafetensorsFile.of(header, tensors.data())))).isEqualTo(expected);
		}
		// and with the data in another order
		SafetensorsFile others = new SafetensorsFile().doubles("grad", 4, 5, 6)
			.longs("indices", 3, 1, 2)
			.doubles("parameter", 1, 2, 3)
			.doubles("G", 7, 8, 9);
		assertThat(Documents.describe(read(SafetensorsFile.of(others.header() + " ".repeat(padding), others.data()))))
			.isEqualTo(expected);
	}

	@ParameterizedTest(name = "in chunks of {0}")
	@ValueSource(ints = { 1, 2, 3, 7, 8, 1000, 65_536, 65_537, 1 << 20 })
	void everySizeIsReadBitForBitHoweverItArrives(int chunk) {
		SplittableRandom random = new SplittableRandom(chunk);
		for (int size : SIZES) {
			double[] doubles = random.longs()
				.mapToDouble(Double::longBitsToDouble)
				.filter(Double::isFinite)
				.limit(size)
				.toArray();
			byte[] file = new SafetensorsFile().longs("indices", random.longs(size, 0, 1L << 31).toArray())
				.doubles("grad", doubles)
				.bytes();
			Documents.Everything read = read(Documents.inChunks(file, chunk), -1);
			assertThat(doubles(read.grad())).isEqualTo(doubles);
			assertThat(read.indices().values()).isEqualTo(SafetensorsFile.parse(file).longs("indices"));
			assertThat(doubles(read(Documents.inChunks(file, chunk), file.length).grad())).isEqualTo(doubles);
			float[] floats = new float[size];
			for (int i = 0; i < size; i++) {
				float value = Float.intBitsToFloat(random.nextInt());
				floats[i] = Float.isFinite(value) ? value : -0.0f;
			}
			byte[] narrow = new SafetensorsFile().floats("grad", floats).bytes();
			for (long announced : new long[] { -1, narrow.length }) {
				assertThat(doubles(read(Documents.inChunks(narrow, chunk), announced).grad()))
					.isEqualTo(IntStream.range(0, size).mapToDouble((i) -> floats[i]).toArray());
			}
		}
	}

	@ParameterizedTest(name = "blocks of {0}")
	@ValueSource(ints = { 1, 2, 7, 8192, 8193, JsonMessageReader.BLOCK_SIZE })
	void blocksAreWhatIsReadAtOnce(int blockSize) throws IOException {
		SplittableRandom random = new SplittableRandom(blockSize);
		List<Integer> sizes = new ArrayList<>(
				List.of(1, 2, 7, 8, 9, Math.min(blockSize, 9000), Math.min(blockSize + 1, 9000)));
		if (blockSize > 9000) {
			sizes.addAll(List.of(blockSize - 1, blockSize, blockSize + 1, 2 * blockSize, 2 * blockSize + 1));
		}
		for (int size : sizes) {
			double[] G = random.doubles(size).toArray();
			float[] narrow = new float[size];
			for (int i = 0; i < size; i++) {
				narrow[i] = (float) -G[i];
			}
			this.opened.clear();
			Restore wide = staged(new SafetensorsFile().doubles("G", G).with("step", 3).bytes(), blockSize);
			// and a block of one element is a constant, which takes no room
			assertThat(this.opened).as("one block stays in memory")
				.hasSize((size > blockSize && blockSize > 1) ? 1 : 0);
			assertThat(wide.step()).isEqualTo(3);
			assertThat(wide.G().size()).isEqualTo(size);
			assertThat(wide.G()).hasSize((size + blockSize - 1) / blockSize);
			assertThat(doubles(wide.G())).isEqualTo(G);
			assertThat(doubles(wide.G())).as("once more").isEqualTo(G);
			Restore both = staged(
					new SafetensorsFile().floats("parameter", narrow).floats("G", List.of(size), narrow).bytes(),
					blockSize);
			assertThat(doubles(both.G())).isEqualTo(doubles(both.parameter()))
				.isEqualTo(IntStream.range(0, size).mapToDouble((i) -> narrow[i]).toArray());
			for (SpoolFile file : this.opened) {
				file.close();
			}
		}
	}

	@Test
	void everyTruncationIsRefused() {
		for (byte[] whole : List.of(
				new SafetensorsFile().with("step", 3).doubles("parameter", 1, 2).longs("indices", 0, 1).bytes(),
				new SafetensorsFile().floats("grad", SCALAR, 1).floats("G", SCALAR, 1).bytes(),
				SafetensorsFile.of("{}"))) {
			read(whole);
			for (int length = 0; length < whole.length; length++) {
				byte[] cut = Arrays.copyOf(whole, length);
				int end = length;
				for (long announced : new long[] { -1, length, whole.length }) {
					assertMalformed(() -> read(new ByteArrayInputStream(cut), announced),
							(ex) -> assertThat(number(ex, "offset")).as(ex.getMessage()).isBetween(0L, (long) end));
				}
				assertMalformed(() -> read(new SequenceInputStream(new ByteArrayInputStream(cut), broken()), -1),
						(ex) -> assertThat(ex.detail())
							.isEqualTo("the body breaks off here, or did not come in time at byte offset " + end));
			}
		}
	}

	private static InputStream broken() {
		return new InputStream() {
			@Override
			public int read() throws IOException {
				throw new IOException("reset");
			}

			@Override
			public int read(byte[] bytes, int offset, int length) throws IOException {
				return read();
			}
		};
	}

	@Test
	void aTruncationTellsWhatIsMissing() {
		byte[] whole = new SafetensorsFile().doubles("parameter", new double[20_000]).floats("x", 1).bytes();
		byte[] file = SafetensorsFile.of(new String(whole, StandardCharsets.UTF_8).substring(8)
			.replaceAll("}}.*", "}}")
			.replaceAll("(?s),\"x\".*", "}"), new byte[160_000]);
		int data = file.length - 160_000;
		assertMalformed(() -> read(new ByteArrayInputStream(file, 0, 3), -1), (ex) -> assertThat(ex.getMessage())
			.isEqualTo("the body ends 5 bytes short of the end of the header's length at byte offset 3"));
		assertMalformed(() -> read(new ByteArrayInputStream(file, 0, 10), -1), (ex) -> assertThat(ex.getMessage())
			.isEqualTo("the body ends " + (data - 10) + " bytes short of the end of the header at byte offset 10"));
		assertMalformed(() -> read(new ByteArrayInputStream(file, 0, data + 70_000), -1),
				(ex) -> assertThat(ex.getMessage())
					.isEqualTo("the body ends 90000 bytes short of the end of the data of parameter at byte offset "
							+ (data + 70_000)));
		assertMalformed(() -> read(new ByteArrayInputStream(file, 0, data + 70_000), data + 70_000),
				(ex) -> assertThat(ex.getMessage()).isEqualTo(
						"the tensors have 160000 bytes, but 70000 bytes of data follow the header at byte offset "
								+ (data + 70_000)));
	}

	@Test
	void trailingBytesAreRefused() {
		byte[] whole = new SafetensorsFile().floats("grad", 1, 2).bytes();
		byte[] more = Arrays.copyOf(whole, whole.length + 1);
		assertMalformed(() -> read(new ByteArrayInputStream(more), -1), (ex) -> assertThat(ex.getMessage())
			.isEqualTo("the file ends here, but the body goes on at byte offset " + whole.length));
		assertMalformed(() -> read(new ByteArrayInputStream(more), more.length), (ex) -> assertThat(ex.getMessage())
			.isEqualTo(
					"the tensors have 8 bytes, but 9 bytes of data follow the header at byte offset " + whole.length));
		assertMalformed(() -> read(SafetensorsFile.of("{}", (byte) 0)), (ex) -> {
		});
	}

	@ParameterizedTest
	@CsvSource({ "1048577, 1048577", "100000000, 100000000", "9223372036854775807, 9223372036854775807",
			"-1, 18446744073709551615", "-9223372036854775808, 9223372036854775808" })
	void aHeaderBeyondTheLimitIsNotRead(long length, String told) {
		byte[] file = SafetensorsFile.of(length, Documents.utf8("{}"));
		for (long announced : new long[] { -1, file.length, 100_000_008L }) {
			assertMalformed(() -> read(new ByteArrayInputStream(file), announced), (ex) -> assertThat(ex.getMessage())
				.isEqualTo(
						"the header is said to have " + told + " bytes, must have at most 1048576 at byte offset 0"));
		}
	}

	@Test
	void aHeaderAtTheLimitIsRead() {
		String header = new SafetensorsFile().floats("grad", 1).header();
		byte[] file = SafetensorsFile.of(header + " ".repeat(1_048_576 - header.length()), new byte[4]);
		assertThat(doubles(read(file).grad())).containsExactly(0);
		byte[] beyond = SafetensorsFile.of(header + " ".repeat(1_048_577 - header.length()), new byte[4]);
		assertMalformed(() -> read(beyond), (ex) -> assertThat(number(ex, "offset")).isZero());
		byte[] longer = SafetensorsFile.of(3, Documents.utf8("{}"));
		assertMalformed(() -> read(longer), (ex) -> assertThat(ex.getMessage())
			.isEqualTo("the header is said to have 3 bytes, but only 2 follow at byte offset 0"));
	}

	@ParameterizedTest
	@MethodSource
	void malformedHeaders(String marked, String detail) {
		int here = marked.indexOf(HERE);
		// a char is a byte
		byte[] header = marked.replace(HERE, "").getBytes(StandardCharsets.ISO_8859_1);
		byte[] file = SafetensorsFile.of(header.length, header, new byte[8]);
		for (long announced : new long[] { -1, file.length }) {
			assertMalformed(() -> read(new ByteArrayInputStream(file), announced), (ex) -> {
				assertThat(ex.detail()).isEqualTo(detail + " at byte offset " + (Long.BYTES + here));
				assertThat(number(ex, "offset")).isEqualTo(Long.BYTES + here);
			});
		}
	}

	static Stream<Arguments> malformedHeaders() {
		String object = "the header must be a JSON object, and begin with '{'";
		String offsets = "data_offsets must hold integers from 0 to 9223372036854775807, in digits alone";
		String shape = offsets.replace("data_offsets", "shape");
		String three = json("the tensor 'grad' must have dtype, shape and data_offsets, has ");
		return Stream.of(arguments("¦", object), arguments("¦[]", object), arguments("¦ {}", object),
				arguments("¦\u00ef\u00bb\u00bf{}", object), arguments("¦null", object),
				arguments(json("¦'{}'"), object),
				arguments("{¦", "the body ends where a name in double quotes must stand"),
				arguments("{}¦x", "expected nothing more after the object, found 'x'"),
				arguments("{} ¦{}", "expected nothing more after the object, found '{'"),
				arguments(json("{'__metadata__':{},¦}"),
						"expected a name in double quotes, found '}' after a trailing comma"),
				arguments("{¦grad:1}", "expected a name in double quotes, found 'g'"),
				arguments(json("{'grad' ¦1}"), "expected ':', found '1'"),
				arguments(json("{'grad':¦1}"), "expected an object, found '1'"),
				arguments(json("{'grad':¦null}"), "expected an object, found 'n'"),
				arguments(json("{'gr¦\u00ffad':{}}"), "not UTF-8: the byte 0xFF begins no character here"),
				arguments(json("{'gr\u00c3¦(ad':{}}"), "not UTF-8: the byte 0xC3 begins no character here"),
				arguments(json("{'gr\u00ed¦\u00a0\u0080':{}}"), "not UTF-8: the byte 0xED begins no character here"),
				arguments(json("{'__metadata__':{'name':'¦\u0080'}}"),
						"not UTF-8: the byte 0x80 begins no character here"),
				arguments(json("{'gr¦\u0000ad':{}}"), "a control character (U+0000) must be escaped"),
				arguments(json("{'grad':{}¦}"), three + "nothing"),
				arguments(json("{'grad':{'dtype':'F64','shape':[1]}¦}"), three + "dtype, shape"),
				arguments(json("{'grad':{'dtype':'F64','shape':[1],'data_offsets':[8]}¦}"),
						json("the tensor 'grad' must have two data_offsets, has [8]")),
				arguments(json("{'grad':{'dtype':'F64','shape':[1],'data_offsets':[]}¦}"),
						json("the tensor 'grad' must have two data_offsets, has []")),
				arguments(json("{'grad':{'dtype':'F64','shape':[1],'data_offsets':[0,8,¦16]}}"),
						"data_offsets must have at most 2 integers"),
				arguments(json("{'grad':{'dtype':'F64','dtype':¦'F64'}}"), json("the tensor 'grad' has 'dtype' twice")),
				arguments(json("{'grad':{'strides':¦[1]}}"),
						json("the tensor 'grad' has 'strides'; it must have dtype, shape and data_offsets alone")),
				arguments(json("{'grad':{'dtype':¦64}}"), "dtype must be a string, was a number"),
				arguments(json("{'grad':{'dtype':¦null}}"), "dtype must be a string, was null"),
				arguments(json("{'grad':{'shape':¦1}}"), "expected an array of integers, found '1'"),
				arguments(json("{'grad':{'shape':[¦'1']}}"), shape), arguments(json("{'grad':{'shape':[¦-1]}}"), shape),
				arguments(json("{'grad':{'shape':[¦-0]}}"), shape), arguments(json("{'grad':{'shape':[1¦.0]}}"), shape),
				arguments(json("{'grad':{'shape':[1¦e0]}}"), shape), arguments(json("{'grad':{'shape':[0¦1]}}"), shape),
				arguments(json("{'grad':{'shape':[0¦0]}}"), shape),
				arguments(json("{'grad':{'shape':[¦null]}}"), shape),
				arguments(json("{'grad':{'shape':[[¦1]]}}".replace("[[¦", "[¦[")), shape),
				arguments(json("{'grad':{'shape':[1,¦]}}"), shape),
				arguments(json("{'grad':{'shape':[1 ¦2]}}"), "expected ',' or ']', found '2'"),
				arguments(json("{'grad':{'shape':[1¦"), "the body ends where ',' or ']' must stand"),
				arguments(json("{'grad':{'shape':[" + "1,".repeat(64) + "¦1]}}"),
						"shape must have at most 64 integers"),
				arguments(json("{'grad':{'data_offsets':[0,922337203685477580¦8]}}"), offsets),
				arguments(json("{'grad':{'data_offsets':[0,1844674407370955161¦6]}}"), offsets),
				arguments(json("{'grad':{'dtype':'F64','shape':[2],'data_offsets':[0,8]}¦}"), json(
						"the tensor 'grad' of shape [2] and dtype F64 must have 16 bytes, but data_offsets are [0, 8]")),
				arguments(json("{'grad':{'dtype':'F32','shape':[1],'data_offsets':[0,8]}¦}"), json(
						"the tensor 'grad' of shape [1] and dtype F32 must have 4 bytes, but data_offsets are [0, 8]")),
				arguments(json("{'grad':{'dtype':'F64','shape':[1],'data_offsets':[8,0]}¦}"), json(
						"the tensor 'grad' of shape [1] and dtype F64 must have 8 bytes, but data_offsets are [8, 0]")),
				arguments(json("{'grad':{'dtype':'F64','shape':[0],'data_offsets':[0,8]}¦}"), json(
						"the tensor 'grad' of shape [0] and dtype F64 must have 0 bytes, but data_offsets are [0, 8]")),
				// what wraps around in 64 bits: 2^61 · 8, 2^32 · 2^32 · 8, and (2^61 + 1)
				// · 8
				arguments(wrapping("2305843009213693952"), beyond("2305843009213693952")),
				arguments(wrapping("4294967296,4294967296"), beyond("4294967296, 4294967296")),
				arguments(wrapping("2305843009213693953"), beyond("2305843009213693953")),
				arguments(wrapping("9223372036854775807,2"), beyond("9223372036854775807, 2")),
				arguments(json("{'__metadata__':¦[]}"), "expected an object, found '['"),
				arguments(json("{'__metadata__':¦''}"), "expected an object, found '\"'"),
				arguments(json("{'__metadata__':{'step':¦1}}"),
						json("__metadata__ must hold strings alone; 'step' is a number")),
				arguments(json("{'__metadata__':{'step':¦null}}"),
						json("__metadata__ must hold strings alone; 'step' is null")),
				arguments(json("{'__metadata__':{'a':¦{}}}"),
						json("__metadata__ must hold strings alone; 'a' is an object")),
				arguments(json("{'__metadata__':{'name':'" + "a".repeat(4097) + "'¦}}"),
						json("the value of 'name' must have at most 4096 characters")),
				arguments(json("{'" + "a".repeat(4097) + "':¦{}}"), "a name must have at most 4096 characters"));
	}

	private static String wrapping(String shape) {
		return json("{'grad':{'dtype':'F64','shape':[" + shape + "],'data_offsets':[0,8]}¦}");
	}

	private static String beyond(String shape) {
		return json("the tensor 'grad' has a shape beyond 64 bits: [" + shape + "]");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			// an overlap, a hole, a hole at the beginning, the same twice, one within
			// another, beyond the end
			"0,16 | 8,24 | 8 | grad begins at 8 of the data, expected 16, where parameter ends",
			"0,16 | 24,40 | 16 | grad begins at 24 of the data, expected 16, where parameter ends",
			"8,24 | 24,40 | 0 | parameter begins at 8 of the data, expected 0",
			"0,16 | 0,16 | 0 | grad begins at 0 of the data, expected 16, where parameter ends",
			"16,32 | 17,33 | 0 | parameter begins at 16 of the data, expected 0",
			"0,16 | 9223372036854775791,9223372036854775807 | 16 "
					+ "| grad begins at 9223372036854775791 of the data, expected 16, where parameter ends" })
	void tensorsFillTheDataOnceEach(String parameter, String grad, int offset, String detail) {
		String header = json("{'parameter':{'dtype':'F64','shape':[2],'data_offsets':[" + parameter
				+ "]},'grad':{'dtype':'F64','shape':[2],'data_offsets':[" + grad + "]}}");
		byte[] file = SafetensorsFile.of(header, new byte[32]);
		for (long announced : new long[] { -1, file.length }) {
			assertMalformed(() -> read(new ByteArrayInputStream(file), announced), (ex) -> {
				assertThat(ex.detail()).startsWith(
						"the tensors must follow each other without a hole or an overlap: " + detail + " at byte");
				assertThat(number(ex, "offset")).isEqualTo(Long.BYTES + header.length() + offset);
			});
		}
	}

	@ParameterizedTest
	@MethodSource
	void invalid(SafetensorsFile file, String pointer, String detail) {
		byte[] bytes = file.bytes();
		for (long announced : new long[] { -1, bytes.length }) {
			assertThatRefusal(Code.INVALID_FIELD, () -> read(new ByteArrayInputStream(bytes), announced))
				.satisfies((ex) -> assertThat(ex.getMessage()).isEqualTo(pointer + " " + detail));
		}
	}

	static Stream<Arguments> invalid() {
		String allowed = "allowed are parameter, grad, G, learning_rate, step, maximize, dtype, epsilon_placement, "
				+ "include, name, size, indices";
		String unknown = "is an unknown field; ";
		String number = "must be a number as JSON has it, was ";
		String integer = "must be an integer, was ";
		String extras = json("must be one of 'effective_learning_rate', 'update', was ");
		return Stream.of(
				// names
				arguments(file().floats("grads", 1), "/grads", unknown + json("did you mean 'grad'? " + allowed)),
				arguments(file().floats("g", 1), "/g", unknown + json("did you mean 'grad'? " + allowed)),
				arguments(file().floats("a/b~", 1), "/a~1b~0", unknown + allowed),
				arguments(file().floats("", 1), "/", unknown + allowed),
				arguments(file().with("learningRate", "1"), "/learningRate",
						unknown + json("did you mean 'learning_rate'? " + allowed)),
				arguments(file().with("Format", "pt"), "/Format", unknown + allowed),
				arguments(file().with("", ""), "/", unknown + allowed),
				arguments(file().with("grad", "1"), "/grad", "must be a tensor, was a string in __metadata__"),
				arguments(file().longs("step", 1), "/step", "must be a string in __metadata__, was a tensor"),
				arguments(file().floats("learning_rate", SCALAR, 1), "/learning_rate",
						"must be a string in __metadata__, was a tensor"),
				// shapes
				arguments(file().doubles("grad", List.of(0)), "/grad", "must have at least one element, has shape [0]"),
				arguments(file().doubles("grad", List.of(3, 0, 5)), "/grad",
						"must have at least one element, has shape [3, 0, 5]"),
				arguments(file().doubles("parameter", 1).doubles("grad", SCALAR, 1), "/grad",
						"must have one shape with the other tensors: is [], but parameter is [1]"),
				arguments(
						file().doubles("grad", List.of(2, 3), 1, 2, 3, 4, 5, 6)
							.doubles("parameter", List.of(3, 2), 1, 2, 3, 4, 5, 6),
						"/parameter", "must have one shape with the other tensors: is [3, 2], but grad is [2, 3]"),
				arguments(file().tensor("indices", "I64", SCALAR, new byte[8]), "/indices",
						"must be an array of integers, was a number"),
				// elements
				arguments(file().doubles("grad", SCALAR, Double.NaN), "/grad", "must be finite, was NaN"),
				arguments(file().doubles("grad", 1, Double.NEGATIVE_INFINITY, Double.NaN), "/grad/1",
						"must be finite, was -Infinity"),
				arguments(file().floats("grad", List.of(2, 2), 1, 1, 1, Float.POSITIVE_INFINITY), "/grad/3",
						"must be finite, was Infinity"),
				arguments(file().tensor("grad", "F32", List.of(1), HexFormat.of().parseHex("0100807f")), "/grad/0",
						"must be finite, was NaN"),
				arguments(file().tensor("grad", "F32", List.of(1), HexFormat.of().parseHex("ffffffff")), "/grad/0",
						"must be finite, was NaN"),
				arguments(file().tensor("grad", "F64", List.of(1), HexFormat.of().parseHex("efbeadde0000f0ff")),
						"/grad/0", "must be finite, was NaN"),
				// in the order of the data
				arguments(file().floats("G", 1, Float.NaN).floats("grad", Float.NaN, 1), "/G/1",
						"must be finite, was NaN"),
				// metadata
				arguments(file().with("learning_rate", ""), "/learning_rate", number + json("''")),
				arguments(file().with("learning_rate", "NaN"), "/learning_rate", number + json("'NaN'")),
				arguments(file().with("learning_rate", ".5"), "/learning_rate", number + json("'.5'")),
				arguments(file().with("learning_rate", "1 "), "/learning_rate", number + json("'1 '")),
				arguments(file().with("learning_rate", " 1"), "/learning_rate", number + json("' 1'")),
				arguments(file().with("learning_rate", "+1"), "/learning_rate", number + json("'+1'")),
				arguments(file().with("learning_rate", "01"), "/learning_rate", number + json("'01'")),
				arguments(file().with("learning_rate", "1e"), "/learning_rate", number + json("'1e'")),
				arguments(file().with("learning_rate", "1f"), "/learning_rate", number + json("'1f'")),
				arguments(file().with("learning_rate", "0x1p3"), "/learning_rate", number + json("'0x1p3'")),
				arguments(file().with("learning_rate", "1,5"), "/learning_rate", number + json("'1,5'")),
				arguments(file().with("learning_rate", "١"), "/learning_rate", number + json("'١'")),
				arguments(file().with("learning_rate", "null"), "/learning_rate", number + json("'null'")),
				arguments(file().with("learning_rate", "1e400"), "/learning_rate",
						json("must be within the range of F64, was '1e400'")),
				arguments(file().with("step", "1.5"), "/step", json("must be an integer of 64 bits, was '1.5'")),
				arguments(file().with("step", "one"), "/step", integer + json("'one'")),
				arguments(file().with("step", "9223372036854775808"), "/step",
						json("must be an integer of 64 bits, was '9223372036854775808'")),
				arguments(file().with("step", "1e999999999999"), "/step",
						json("must be an integer of 64 bits, was '1e999999999999'")),
				arguments(file().with("size", "2147483648"), "/size",
						json("must be an integer of 32 bits, was '2147483648'")),
				arguments(file().with("maximize", "True"), "/maximize", json("must be true or false, was 'True'")),
				arguments(file().with("maximize", "1"), "/maximize", json("must be true or false, was '1'")),
				arguments(file().with("maximize", ""), "/maximize", json("must be true or false, was ''")),
				arguments(file().with("dtype", "f64"), "/dtype",
						json("must be one of 'F64', 'F32', was 'f64'; did you mean 'F64'?")),
				arguments(file().with("dtype", "BF16"), "/dtype", json("must be one of 'F64', 'F32', was 'BF16'")),
				arguments(file().with("epsilon_placement", "inside"), "/epsilon_placement", json(
						"must be one of 'outside_sqrt', 'inside_sqrt', was 'inside'; did you mean 'inside_sqrt'?")),
				arguments(file().with("include", "update,"), "/include", extras + json("''")),
				arguments(file().with("include", "update;update"), "/include", extras + json("'update;update'")),
				arguments(file().with("include", json("['update']")), "/include",
						extras + json("'['update']'; did you mean 'update'?")));
	}

	private static SafetensorsFile file() {
		return new SafetensorsFile();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "learning_rate | -0 | -0.0", "learning_rate | 1E+2 | 100.0", "learning_rate | 5e-324 | 4.9E-324",
					"learning_rate | 0.1 | 0.1", "step | 1e3 | 1000", "step | 7.0 | 7",
					"step | -9223372036854775808 | -9223372036854775808", "size | 2147483647 | 2147483647",
					"maximize | false | false", "dtype | F32 | F32", "epsilon_placement | outside_sqrt | OUTSIDE_SQRT",
					"include | '' | []", "include | ' ' | []", "include | update | [UPDATE]",
					"include | update,update | [UPDATE]", "name | '' | ''", "name | null | null" })
	void metadataIsTyped(String name, String text, String expected) {
		String without = Documents.describe(read(file().bytes()));
		String with = Documents.describe(read(file().with(name, text).bytes()));
		int place = List
			.of("learning_rate", "step", "maximize", "dtype", "epsilon_placement", "include", "name", "size")
			.indexOf(name) + 3;
		String[] parts = without.split(" ");
		parts[place] = expected;
		assertThat(with).isEqualTo(String.join(" ", parts));
	}

	@Test
	void namesStandOnce() {
		String tensor = "{'dtype':'F32','shape':[1],'data_offsets':[0,4]}";
		Map<String, String> pointers = Map.of(
				json("{'grad':" + tensor + ",'grad':" + tensor.replace("0,4", "4,8") + "}"), "/grad",
				json("{'grad':" + tensor + ",'gr\\u0061d':" + tensor + "}"), "/grad",
				json("{'__metadata__':{'step':'1','step':'1'}}"), "/step",
				json("{'__metadata__':{},'__metadata__':{}}"), "/__metadata__");
		pointers.forEach((header,
				pointer) -> assertThatRefusal(Code.INVALID_FIELD, () -> read(SafetensorsFile.of(header, new byte[8])))
					.withMessage(pointer + " is a duplicate name in the header; it must stand only once"));
	}

	@ParameterizedTest
	@MethodSource
	void wrongDtypes(SafetensorsFile file, String message) {
		assertThatRefusal(Code.DTYPE_MISMATCH, () -> read(file.bytes())).withMessage(message)
			.satisfies((ex) -> assertThat(place(ex).toString()).isEqualTo(message));
	}

	static Stream<Arguments> wrongDtypes() {
		String must = "', must be F64 or F32, or I64 for indices";
		return Stream.of(
				arguments(file().tensor("grad", "BF16", List.of(2), new byte[4]), json("/grad is 'BF16" + must)),
				arguments(file().tensor("indices", "I32", List.of(1), new byte[4]), json("/indices is 'I32" + must)),
				arguments(file().tensor("grad", "f64", List.of(1), new byte[8]), json("/grad is 'f64" + must)),
				arguments(file().tensor("grad", "", List.of(1), new byte[8]), json("/grad is '" + must)),
				arguments(file().longs("grad", 1), "/grad is I64, must be F64 or F32"),
				arguments(file().doubles("indices", 1), "/indices is F64, must be I64"),
				arguments(file().floats("parameter", 1).doubles("grad", 1), "/grad is F64, but parameter is F32"),
				arguments(file().longs("indices", 1).doubles("G", 1).floats("parameter", 1),
						"/parameter is F32, but G is F64"),
				arguments(file().with("dtype", "F64").floats("grad", 1), "/grad is F32, but dtype is F64"),
				arguments(file().with("dtype", "F32").longs("indices", 1).doubles("grad", 1),
						"/grad is F64, but dtype is F32"));
	}

	@Test
	void theDtypeIsThatOfTheTensors() {
		assertThat(read(file().floats("grad", 1).bytes()).dtype()).isEqualTo(DType.F32);
		assertThat(read(file().floats("grad", 1).with("dtype", "F32").bytes()).dtype()).isEqualTo(DType.F32);
		assertThat(read(file().longs("indices", 1).bytes()).dtype()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "-1, -1", "-9223372036854775808, -9223372036854775808" })
	void indicesAreNotNegative(long index, String told) {
		assertThatRefusal(Code.INDEX_OUT_OF_RANGE,
				() -> read(file().longs("indices", 0, Long.MAX_VALUE, index).bytes()))
			.withMessage("/indices/2 must be an index from 0 to 9223372036854775807, was " + told);
		long[] many = new long[10_000];
		many[9_000] = index;
		assertThatRefusal(Code.INDEX_OUT_OF_RANGE, () -> read(file().longs("indices", many).bytes()))
			.satisfies((ex) -> assertThat(place(ex).pointer()).isEqualTo("/indices/9000"));
	}

	@ParameterizedTest(name = "blocks of {0}")
	@ValueSource(ints = { 1, 2, 3, 100 })
	void whatIsStagedIsRefusedAsOthersAre(int blockSize) {
		assertThatRefusal(Code.INVALID_FIELD,
				() -> staged(file().doubles("parameter", 1, 2, 3, 4, 5).doubles("G", 1, 2, 3, Double.NaN, 5).bytes(),
						blockSize))
			.withMessage("/G/3 must be finite, was NaN");
		byte[] whole = file().floats("G", 1, 2, 3, 4, 5).bytes();
		assertMalformed(() -> staged(Arrays.copyOf(whole, whole.length - 1), blockSize), (ex) -> {
		});
		assertMalformed(() -> staged(Arrays.copyOf(whole, whole.length + 1), blockSize), (ex) -> {
		});
	}

	/// Wherever in its piece, its block and the memory taken for it the element is.
	@ParameterizedTest(name = "at {0}")
	@ValueSource(ints = { 0, 1, 1023, 1024, 2047, 2048, 2999, 3000, 3001, 8191, 8192, 8193, 19_998, 19_999 })
	void whatIsWrongInALargeFileIsNamedByItsIndex(int place) {
		int size = 20_000;
		double[] wide = new double[size];
		Arrays.setAll(wide, (i) -> i);
		float[] narrow = new float[size];
		Arrays.fill(narrow, place, size, Float.NaN);
		long[] indices = new long[size];
		Arrays.fill(indices, place, size, -1);
		byte[] badIndices = file().doubles("G", wide).longs("indices", indices).bytes();
		Arrays.fill(wide, place, size, Double.NEGATIVE_INFINITY);
		byte[] badDoubles = file().longs("indices", new long[size]).doubles("G", wide).bytes();
		byte[] badFloats = file().longs("indices", new long[size]).floats("G", narrow).bytes();
		for (int blockSize : new int[] { 1, 1000, 3000, 8192, JsonMessageReader.BLOCK_SIZE }) {
			assertThatRefusal(Code.INDEX_OUT_OF_RANGE, () -> staged(SPARSE, badIndices, blockSize))
				.withMessage("/indices/" + place + " must be an index from 0 to 9223372036854775807, was -1");
			assertThatRefusal(Code.INVALID_FIELD, () -> staged(SPARSE, badDoubles, blockSize))
				.withMessage("/G/" + place + " must be finite, was -Infinity");
			assertThatRefusal(Code.INVALID_FIELD, () -> staged(SPARSE, badFloats, blockSize))
				.withMessage("/G/" + place + " must be finite, was NaN");
		}
		assertThatRefusal(Code.INVALID_FIELD, () -> read(badDoubles))
			.withMessage("/G/" + place + " must be finite, was -Infinity");
		assertThatRefusal(Code.INVALID_FIELD, () -> read(badFloats))
			.withMessage("/G/" + place + " must be finite, was NaN");
	}

	@ParameterizedTest
	@ValueSource(strings = { "F64", "F32", "I64" })
	void aHeaderAloneCostsNoMemory(String dtype) {
		int size = 1 << 24;
		String name = dtype.equals("I64") ? "indices" : "grad";
		long end = (long) size * (dtype.equals("F32") ? 4 : 8);
		byte[] file = SafetensorsFile.of(json(
				"{'" + name + "':{'dtype':'" + dtype + "','shape':[" + size + "],'data_offsets':[0," + end + "]}}"),
				new byte[100_000]);
		Limits limits = new Limits(1 << 30, size, Limits.LARGEST_SESSION);
		// not announced, or not as the header says
		for (long announced : new long[] { -1, file.length }) {
			ThrowingRead read = () -> new SafetensorsMessageReader().read(Documents.TYPE,
					new ByteArrayInputStream(file), announced, limits, Documents.NO_SPOOL);
			// loads the classes that have a part in it
			assertMalformed(read, (ex) -> {
			});
			long before = allocated();
			assertMalformed(read, (ex) -> {
			});
			assertThat(allocated() - before).isLessThan(1 << 20);
		}
	}

	private static long allocated() {
		return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
	}

	/// An eighth of the elements at first, then all of them; up to 8192 all at once.
	/// Beside them ten times the header.
	@ParameterizedTest
	@CsvSource({ "grad, F64, 8, 8", "grad, F32, 4, 4", "indices, I64, 8, 8" })
	void memoryIsTakenAsTheElementsCome(String name, String dtype, int bytesEach, long heldEach) throws IOException {
		for (int size : new int[] { 1, 8192, 20_000 }) {
			byte[] file = file().tensor(name, dtype, List.of(size), new byte[size * bytesEach]).bytes();
			long header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
			CountedRoom room = new CountedRoom(() -> {
				throw new AssertionError("nothing is staged");
			});
			new SafetensorsMessageReader().read(Documents.TYPE, new ByteArrayInputStream(file), file.length,
					Documents.LIMITS, room);
			assertThat(room.calls()).isEqualTo((size < 20_000) ? List.of(10 * header, size * heldEach)
					: List.of(10 * header, 2500 * heldEach, 20_000 * heldEach, -2500 * heldEach));
		}
	}

	/// The first of two blocks waits in memory for the second; then both are in a file.
	@Test
	void whatIsStagedIsGivenBack() throws IOException {
		byte[] file = file().doubles("G", 1, 2, 3, 4, 5).bytes();
		long header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
		CountedRoom room = new CountedRoom(() -> {
			SpoolFile opened = new TemporaryFiles(this.folder).open();
			this.opened.add(opened);
			return opened;
		});
		new SafetensorsMessageReader(2).read(STAGED, new ByteArrayInputStream(file), file.length,
				new Limits(1 << 24, 1_000_000, Limits.LARGEST_SESSION), room);
		assertThat(room.calls()).containsExactly(10 * header, 16L, 16L, -32L, 8L, -8L);
	}

	@Test
	void limits() {
		byte[] file = file().doubles("grad", 1, 2, 3).longs("indices", 1, 2, 3).bytes();
		for (long announced : new long[] { -1, file.length }) {
			InputStream in = new ByteArrayInputStream(file);
			assertThatRefusal(Code.TOO_LARGE,
					() -> read(in, announced, new Limits(file.length, 2, Limits.LARGEST_SESSION)))
				.withMessage("grad must have at most 2 elements");
			assertThat(
					read(new ByteArrayInputStream(file), announced, new Limits(file.length, 3, Limits.LARGEST_SESSION))
						.grad()
						.size())
				.isEqualTo(3);
			for (int most : new int[] { 0, 7, 8, 100, file.length - 1 }) {
				InputStream again = new ByteArrayInputStream(file);
				assertThatRefusal(Code.TOO_LARGE,
						() -> read(again, announced, new Limits(most, 3, Limits.LARGEST_SESSION)))
					.withMessage("the body must have at most " + most + " bytes");
			}
		}
	}

	@Test
	void aHeaderThatWasSeenBeforeIsReadWithTheDataOfThisFile() throws IOException {
		SafetensorsMessageReader reader = new SafetensorsMessageReader();
		byte[] first = file().doubles("G", 1, 2).with("step", 4).bytes();
		byte[] second = file().doubles("G", -0.0, 3).with("step", 4).bytes();
		byte[] bad = file().doubles("G", 1, Double.NaN).with("step", 4).bytes();
		byte[] later = file().doubles("G", 1, 2).with("step", 5).bytes();
		for (int i = 0; i < 3; i++) {
			assertThat(read(reader, Documents.TYPE, first).step()).isEqualTo(4);
			assertThat(doubles(read(reader, Documents.TYPE, second).G())).containsExactly(-0.0, 3);
			assertThat(doubles(read(reader, Documents.TYPE, first).G())).containsExactly(1, 2);
			assertThat(read(reader, Documents.TYPE, later).step()).isEqualTo(5);
			assertThatRefusal(Code.INVALID_FIELD, () -> read(reader, Documents.TYPE, bad))
				.withMessage("/G/1 must be finite, was NaN");
			// as another message
			assertThat(read(reader, STAGED, second).G().size()).isEqualTo(2);
			// what the header says of the data, and the limits, are looked at each time
			for (byte[] other : List.of(Arrays.copyOf(first, first.length - 1),
					Arrays.copyOf(first, first.length + 8))) {
				assertMalformed(() -> read(reader, Documents.TYPE, other), (ex) -> {
				});
			}
			assertThatRefusal(Code.TOO_LARGE,
					() -> reader.read(Documents.TYPE, new ByteArrayInputStream(first), -1,
							new Limits(first.length, 1, Limits.LARGEST_SESSION), Documents.NO_SPOOL))
				.withMessage("G must have at most 1 elements");
		}
	}

	private static <T extends Record & Message> T read(SafetensorsMessageReader reader, MessageType<T> type,
			byte[] file) throws IOException {
		return reader.read(type, new ByteArrayInputStream(file), file.length, Documents.LIMITS, Documents.NO_SPOOL);
	}

	@Test
	void whatHasNoTensorsIsNotReadFromFiles() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new SafetensorsMessageReader().read(MessageType.of(NoTensor.class),
					InputStream.nullInputStream(), -1, Documents.LIMITS, Documents.NO_SPOOL));
	}

	private static void assertMalformed(ThrowingRead read, Consumer<Refusal> rules) {
		assertThatRefusal(Code.MALFORMED_BODY, read::read).satisfies(rules);
	}

	private static Documents.Everything read(byte[] file) {
		Documents.Everything announced = read(new ByteArrayInputStream(file), file.length);
		assertThat(Documents.describe(read(new ByteArrayInputStream(file), -1)))
			.isEqualTo(Documents.describe(announced));
		return announced;
	}

	private static Documents.Everything read(InputStream in, long contentLength) {
		return read(in, contentLength, Documents.LIMITS);
	}

	private static Documents.Everything read(InputStream in, long contentLength, Limits limits) {
		return new SafetensorsMessageReader().read(Documents.TYPE, in, contentLength, limits, Documents.NO_SPOOL);
	}

	private Restore staged(byte[] file, int blockSize) throws IOException {
		return staged(STAGED, file, blockSize);
	}

	private <T extends Record & Message> T staged(MessageType<T> type, byte[] file, int blockSize) throws IOException {
		Room room = new UncountedRoom(() -> {
			SpoolFile opened = new TemporaryFiles(this.folder).open();
			this.opened.add(opened);
			return opened;
		});
		return new SafetensorsMessageReader(blockSize).read(type, new ByteArrayInputStream(file), -1,
				new Limits(1 << 24, 1_000_000, Limits.LARGEST_SESSION), room);
	}

	private static double[] doubles(Numbers numbers) {
		assertThat(numbers).isInstanceOf(Tensor.class);
		return IntStream.range(0, numbers.size()).mapToDouble(numbers::valueAt).toArray();
	}

	private static double[] doubles(Blocks<Numbers> blocks) {
		List<double[]> parts = new ArrayList<>();
		blocks.forEach((block) -> parts.add(doubles(block)));
		return parts.stream().flatMapToDouble(Arrays::stream).toArray();
	}

	private interface ThrowingRead {

		Object read() throws IOException;

	}

	record NoTensor(@Nullable Long step) implements Message {
	}

	record Restore(@Nullable Long step, @JsonProperty("G") @Nullable Blocks<Numbers> G,
			@Nullable Blocks<Numbers> parameter) implements Message {
	}

	record Sparse(@Nullable Indices indices, @JsonProperty("G") @Nullable Blocks<Numbers> G) implements Message {
	}

}
