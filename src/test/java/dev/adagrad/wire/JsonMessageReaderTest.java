package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.adagrad.refusal.Code;
import dev.adagrad.spool.CountedRoom;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Documents.Everything;
import dev.adagrad.wire.Documents.Include;
import dev.adagrad.wire.Documents.Placement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.adagrad.Json.json;
import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static dev.adagrad.refusal.RefusalAssertions.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class JsonMessageReaderTest {

	/// Every kind of field, white space of every sort, escapes, and characters of two
	/// to four bytes.
	private static final String FULL = """
			{ "dtype":"F32",\t"parameter" : [1, -2.5e-3, 0.1234567890123456789 ],\r
			"grad":[-0.0,1E+2,4.9e-324],"\\u0047":[0,0.25,1e22]
			, "learning_rate":0.01,"step":1e3,"maximize":true,"epsilon_placement":"inside_sqrt",
			"include":["update","effective_learning_rate"],"name":"aé€😀\\n\\ud83d\\ude00\\"/","size":-2147483648
			,"indices": [7, 0,9007199254740993,7e0]}
			""";

	@Test
	void readsEveryKindOfField() {
		Everything read = Documents.read(FULL);
		assertThat(values(read.parameter())).containsExactly(1, -2.5e-3, 0.12345678901234568);
		assertThat(values(read.grad())).containsExactly(-0.0, 100, Double.MIN_VALUE);
		assertThat(values(read.G())).containsExactly(0, 0.25, 1e22);
		assertThat(read.learningRate()).isEqualTo(0.01);
		assertThat(read.step()).isEqualTo(1000);
		assertThat(read.maximize()).isTrue();
		assertThat(read.dtype()).isEqualTo(DType.F32);
		assertThat(read.epsilonPlacement()).isEqualTo(Placement.INSIDE_SQRT);
		assertThat(read.include()).containsExactly(Include.EFFECTIVE_LEARNING_RATE, Include.UPDATE);
		assertThat(read.size()).isEqualTo(Integer.MIN_VALUE);
		assertThat(read.indices()).isNotNull();
		assertThat(read.indices().values()).containsExactly(7, 0, 9_007_199_254_740_993L, 7);
		assertThat(read.name()).isEqualTo("aé€😀\n😀\"/");
	}

	@Test
	void absentIsNull() {
		assertThat(Documents.read(" {} ")).hasAllNullFieldsOrProperties();
		assertThat(Documents.read(json("{'include':[]}")).include()).isEmpty();
	}

	@Test
	void tellsNumbersFromArraysOfOne() {
		Everything read = Documents.read(json("{'parameter':-0,'grad':[-0]}"));
		assertThat(read.parameter()).isNotNull().matches((numbers) -> numbers.shape().isScalar());
		assertThat(read.grad()).isNotNull().matches((numbers) -> !numbers.shape().isScalar());
		assertThat(values(read.parameter())).containsExactly(-0.0);
		assertThat(values(read.grad())).containsExactly(-0.0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1", "1.0", "1e0", "10e-1", "0.1E1", "1.000000000000000000000000",
			"1000000000000000000000e-21", "0.00000000000000000000000000001e29" })
	void integersMayBeWrittenAnyWay(String one) {
		assertThat(Documents.read(json("{'step':" + one + "}")).step()).isEqualTo(1);
		assertThat(Documents.read(json("{'step':-" + one + "}")).step()).isEqualTo(-1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-0", "0.0", "0e99999999999", "-0.000e-99999999999" })
	void zeroIsAnInteger(String zero) {
		assertThat(Documents.read(json("{'step':" + zero + "}")).step()).isEqualTo(0);
	}

	@ParameterizedTest
	@ValueSource(longs = { Long.MAX_VALUE, Long.MIN_VALUE, 999_999_999_999_999_999L, 1_000_000_000_000_000_000L })
	void integersHave64Bits(long value) {
		assertThat(Documents.read(json("{'step':" + value + "}")).step()).isEqualTo(value);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 15, 16, 17, 23, 24, 25, 5000 })
	void indicesOfAnyNumber(int size) {
		long[] indices = new Random(size).longs(size, 0, Long.MAX_VALUE).toArray();
		Everything read = Documents.read(json("{'indices':" + Arrays.toString(indices) + "}"));
		assertThat(read.indices()).isNotNull();
		assertThat(read.indices().values()).containsExactly(indices);
		assertThat(read.indices().size()).isEqualTo(size);
	}

	/// The array grows by half, and the smaller one is given back; the first 16 are not
	/// counted.
	@ParameterizedTest
	@ValueSource(ints = { 16, 17, 5000 })
	void memoryIsTakenAsIndicesCome(int size) throws IOException {
		CountedRoom room = new CountedRoom(Documents.NO_SPOOL);
		byte[] document = Documents.utf8(json("{'indices':" + Arrays.toString(new int[size]) + "}"));
		Documents.READER.read(Documents.TYPE, new ByteArrayInputStream(document), document.length, Documents.LIMITS,
				room);
		assertThat(room.taken()).isBetween(8L * size, Math.max(128, 12L * size));
	}

	@Test
	void falseIsFalse() {
		assertThat(Documents.read(json("{'maximize':false}")).maximize()).isFalse();
	}

	/// The first and the last character of each length in UTF-8, and those around the
	/// surrogates: RFC 3629, 3.
	@Test
	void charactersOfEveryLength() {
		String name = "\u0080 \u07FF\u0800\uD7FF\uE000\uFFFF" + Character.toString(0x1_0000)
				+ Character.toString(0x3_FFFF) + Character.toString(0x4_0000) + Character.toString(0x10_FFFF);
		assertThat(Documents.read(json("{'name':'" + name + "'}")).name()).isEqualTo(name);
	}

	@Test
	void stringsMayHave4096Characters() {
		for (String first : new String[] { "a", "é" }) {
			String name = first + "a".repeat(4095);
			assertThat(Documents.read(json("{'name':'" + name + "'}")).name()).isEqualTo(name);
		}
	}

	@Test
	void zeroHasManyFormsAsAnIndexToo() {
		String zeros = "-0,0.0,-0e5,0e-99999999999,0." + "0".repeat(30) + "e-99999999999,0e99999999999";
		Everything read = Documents.read(json("{'indices':[" + zeros + "]}"));
		assertThat(read.indices()).isNotNull();
		assertThat(read.indices().values()).containsOnly(0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "'dtype':'F32',%s", "%s,'dtype':'F32'" })
	void theDtypeMayStandBeforeOrBehindTheArrays(String order) {
		// just above the middle of two floats: rounding to F64 first gives the middle,
		// and then the even one, 1.0
		String decimal = "1.00000005960464477539062500000000001";
		Everything read = Documents.read(json("{" + order.formatted("'grad':[0.1," + decimal + "]") + "}"));
		Numbers grad = read.grad();
		assertThat(grad).isNotNull();
		Tensor floats = grad.as(DType.F32);
		assertThat(((FloatTensor) floats).values()).containsExactly(0.1f, Float.parseFloat(decimal));
		assertThat(floats.valueAt(1)).isGreaterThan(1);
	}

	@Test
	void truncationAnywhereIsMalformedAtTheEnd() {
		byte[] document = Documents.utf8(FULL.strip());
		for (int length = 0; length < document.length; length++) {
			byte[] truncated = Arrays.copyOf(document, length);
			int line = (int) IntStream.range(0, length)
				.filter((i) -> document[i] == '\r' || (document[i] == '\n' && document[i - 1] != '\r'))
				.count() + 1;
			assertThatRefusal(Code.MALFORMED_BODY, () -> Documents.read(truncated)).as("first %d bytes", length)
				.satisfies((ex) -> assertThat(number(ex, "line")).isEqualTo(line))
				.withMessageContaining("the body ");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 7, 8191, 8192, 8193, 65535, 65536, 65537 })
	void chunksMakeNoDifference(int chunk) {
		byte[] document = Documents.utf8(FULL);
		String whole = Documents.outcome(document);
		assertThat(Documents.outcome(Documents.inChunks(document, chunk), -1)).isEqualTo(whole);
		assertThat(Documents.outcome(Documents.inChunks(document, chunk), document.length)).isEqualTo(whole);
		// a hint that is wrong does no harm
		assertThat(Documents.outcome(Documents.inChunks(document, chunk), 1)).isEqualTo(whole);
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 1, 2, 3 })
	void tokensMayLieAcrossTheBordersOfTheWindow(long seed) {
		Random random = new Random(seed);
		for (int border : new int[] { 8 * 1024, 16 * 1024, 64 * 1024 }) {
			for (int i = 0; i < 60; i++) {
				int spaces = border - random.nextInt(FULL.length() + 5);
				byte[] document = Documents.utf8(" ".repeat(spaces) + FULL);
				int chunk = 1 + random.nextInt(2 * border);
				assertThat(Documents.outcome(Documents.inChunks(document, chunk), -1))
					.isEqualTo(Documents.outcome(Documents.utf8(FULL)));
				assertThat(Documents.outcome(document)).isEqualTo(Documents.outcome(Documents.utf8(FULL)));
			}
		}
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 4, 5 })
	void longArraysAcrossManyWindows(long seed) {
		Random random = new Random(seed);
		double[] values = random.doubles(30_000)
			.map((value) -> (value - 0.5) * Math.exp(random.nextGaussian() * 99))
			.toArray();
		StringBuilder document = new StringBuilder(json("{'grad':["));
		for (int i = 0; i < values.length; i++) {
			document.append((i == 0) ? "" : (random.nextInt(9) == 0) ? " ,\n " : ",").append(values[i]);
		}
		byte[] bytes = Documents.utf8(document.append("]}").toString());
		for (int chunk : new int[] { 1 << 20, 4095, 13 }) {
			assertThat(values(Documents.read(Documents.inChunks(bytes, chunk), -1).grad())).containsExactly(values);
		}
		assertThat(values(Documents.read(bytes).grad())).containsExactly(values);
	}

	@Test
	void bodiesBeyondTheLimitAreNotRead() {
		byte[] document = Documents.utf8(json("{'step':1}"));
		Limits exact = new Limits(document.length, 1, Limits.LARGEST_SESSION);
		Limits less = new Limits(document.length - 1, 1, Limits.LARGEST_SESSION);
		assertThat(readWith(exact, document, document.length).step()).isEqualTo(1);
		assertThat(readWith(exact, document, -1).step()).isEqualTo(1);
		for (long contentLength : new long[] { document.length, -1, 2 }) {
			assertThatRefusal(Code.TOO_LARGE, () -> readWith(less, document, contentLength))
				.withMessage("the body must have at most 9 bytes")
				.satisfies((ex) -> assertThat(number(ex, "limit")).isEqualTo(9));
		}
	}

	@Test
	void anEndlessBodyIsGivenUpAtTheLimit() {
		long[] handedOut = new long[1];
		InputStream endless = new ByteArrayInputStream(new byte[0]) {
			@Override
			public synchronized int read(byte[] bytes, int offset, int length) {
				Arrays.fill(bytes, offset, offset + length, (byte) ' ');
				handedOut[0] += length;
				return length;
			}
		};
		assertThatRefusal(Code.TOO_LARGE, () -> Documents.READER.read(Documents.TYPE, endless, -1,
				new Limits(100_000, 1, Limits.LARGEST_SESSION), Documents.NO_SPOOL));
		assertThat(handedOut[0]).isEqualTo(100_001);
	}

	@Test
	void arraysBeyondTheLimitAreGivenUpAtTheElement() {
		Limits three = new Limits(1000, 3, Limits.LARGEST_SESSION);
		byte[] document = Documents.utf8(json("{'grad':[1,2,3]}"));
		assertThat(readWith(three, document, -1).grad()).isNotNull();
		assertThatRefusal(Code.TOO_LARGE, () -> readWith(three, Documents.utf8(json("{'grad':[1,2,3,4,NaN")), -1))
			.withMessage("grad must have at most 3 elements");
		assertThatRefusal(Code.TOO_LARGE,
				() -> readWith(three, Documents.utf8(json("{'include':['update','update','update','update']}")), -1));
		assertThat(readWith(three, Documents.utf8(json("{'indices':[1,2,3]}")), -1).indices()).isNotNull();
		assertThatRefusal(Code.TOO_LARGE, () -> readWith(three, Documents.utf8(json("{'indices':[1,2,3,-4")), -1))
			.withMessage("indices must have at most 3 elements");
	}

	@Test
	void aStreamThatBreaksOffIsABodyMalformedThere() {
		InputStream failing = new SequenceInputStream(new ByteArrayInputStream(Documents.utf8(json("{'step':\n 1"))),
				new InputStream() {
					@Override
					public int read() throws IOException {
						throw new IOException("reset");
					}

					@Override
					public int read(byte[] bytes, int offset, int length) throws IOException {
						throw new IOException("reset");
					}
				});
		assertThatRefusal(Code.MALFORMED_BODY,
				() -> Documents.READER.read(Documents.TYPE, failing, -1, Documents.LIMITS, Documents.NO_SPOOL))
			.satisfies((ex) -> assertThat(number(ex, "line")).isEqualTo(2))
			.satisfies((ex) -> assertThat(number(ex, "column")).isEqualTo(3));
	}

	@ParameterizedTest
	@MethodSource
	void longTokensAreNoTrouble(String value, String outcome) {
		assertThat(Documents.outcome(Documents.utf8(json("{'name':" + value + "}")))).isEqualTo(outcome);
		assertThat(Documents.outcome(Documents.utf8(json("{'grad':" + value + "}")))).startsWith("invalid: /grad");
	}

	static Stream<Object[]> longTokensAreNoTrouble() {
		String refused = "invalid: /name must be a string, was ";
		return Stream.of(new Object[] { "9".repeat(900_000), refused + "a number" },
				new Object[] { "'" + "é".repeat(400_000) + "'", "invalid: /name must have at most 4096 characters" },
				new Object[] { "[" + "[1],".repeat(200_000) + "1]", refused + "an array" });
	}

	@Test
	void readsNoMessageThatIsOnlyWritten() {
		assertThatIllegalArgumentException().isThrownBy(() -> Documents.READER.read(MessageType.of(Answer.class),
				new ByteArrayInputStream(Documents.utf8("{}")), -1, Documents.LIMITS, Documents.NO_SPOOL));
	}

	private static Everything readWith(Limits limits, byte[] document, long contentLength) {
		try {
			return Documents.READER.read(Documents.TYPE, new ByteArrayInputStream(document), contentLength, limits,
					Documents.NO_SPOOL);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private static double[] values(Numbers numbers) {
		return IntStream.range(0, numbers.size()).mapToDouble(numbers::valueAt).toArray();
	}

	record Answer(Tensor parameter) implements Message {
	}

}
