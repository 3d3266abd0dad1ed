package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.refusal.Code;
import dev.adagrad.spool.CountedRoom;
import dev.adagrad.spool.Room;
import dev.adagrad.spool.SpoolFile;
import dev.adagrad.spool.TemporaryFiles;
import dev.adagrad.spool.UncountedRoom;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Decimals;
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
import static dev.adagrad.refusal.RefusalAssertions.place;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/// Numbers read block by block are those that are read at once, to the last bit.
class StagedNumbersTest {

	private static final MessageType<Restore> TYPE = MessageType.of(Restore.class);

	private static final Limits LIMITS = new Limits(1 << 24, 1_000_000, Limits.LARGEST_SESSION);

	@TempDir
	private Path folder;

	private final List<SpoolFile> opened = new ArrayList<>();

	@AfterEach
	void close() throws IOException {
		assertThat(this.folder).isEmptyDirectory();
		for (SpoolFile file : this.opened) {
			file.close();
		}
		assertThat(this.folder).isEmptyDirectory();
	}

	@ParameterizedTest(name = "{0} elements")
	@CsvSource({ "1, 1", "131071, 1", "131072, 1", "131073, 2", "262144, 2", "262145, 3" })
	void oneBlockStaysInMemory(int size, int blocks) {
		String array = IntStream.range(0, size).mapToObj(Integer::toString).collect(Collectors.joining(","));
		Blocks<Numbers> G = read(json("{'G':[" + array + "]}"), LIMITS, JsonMessageReader.BLOCK_SIZE).G();
		assertThat(this.opened).hasSize((blocks > 1) ? 1 : 0);
		assertThat(G.size()).isEqualTo(size);
		assertThat(G).hasSize(blocks);
		int index = 0;
		for (Numbers block : G) {
			assertThat(block.size()).isEqualTo(Math.min(JsonMessageReader.BLOCK_SIZE, size - index));
			for (int i = 0; i < block.size(); i++) {
				if (block.valueAt(i) != index++) {
					assertThat(block.valueAt(i)).isEqualTo(index - 1);
				}
			}
		}
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void blocksAreWhatIsReadAtOnce(long seed) {
		Random random = new Random(seed);
		int size = 1 + random.nextInt(2000);
		String array = IntStream.range(0, size)
			.mapToObj((i) -> decimal(random))
			.collect(Collectors.joining(",", "[", "]"));
		Numbers whole = Documents.read(json("{'grad':" + array + "}")).grad();
		assertThat(whole).isInstanceOf(Decimals.class);
		for (int blockSize : new int[] { 1, 2, 1 + random.nextInt(size), size, size + 1 }) {
			Restore read = read(json("{'parameter':[0,1],'G':" + array + "}"), LIMITS, blockSize);
			for (DType dtype : DType.values()) {
				for (int round = 0; round < 2; round++) {
					assertThat(bits(read.G(), dtype)).isEqualTo(bits(Blocks.of(whole), dtype));
				}
			}
			assertThat(bits(read.parameter(), DType.F64)).isEqualTo("[0.0, 1.0]");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4 })
	void betweenFloatsIsRoundedOnce(int blockSize) {
		// each is, as a double, the middle between two floats
		String[] texts = { "1.00000017881393432617187499", "1.00000005960464477539062500000000001",
				"-1.00000017881393432617187499", "1.000000178813934326171875" };
		Restore read = read(json("{'G':[" + String.join(",", texts) + "]}"), LIMITS, blockSize);
		assertThat(bits(read.G(), DType.F32))
			.isEqualTo(Stream.of(texts).map((text) -> Float.toString(Float.parseFloat(text))).toList().toString());
		assertThat(bits(read.G(), DType.F32)).startsWith("[1.0000001, 1.0000001, -1.0000001, 1.0000002]");
	}

	@ParameterizedTest
	@MethodSource
	void refused(String document, String pointer, String detail) {
		for (int blockSize : new int[] { 1, 2, 3, 100 }) {
			assertThatRefusal(Code.INVALID_FIELD, () -> read(document, LIMITS, blockSize)).satisfies((ex) -> {
				assertThat(place(ex).pointer()).isEqualTo(pointer);
				assertThat(place(ex).detail()).isEqualTo(detail);
			});
		}
	}

	static Stream<Arguments> refused() {
		String array = "must be a number or an array of numbers, was ";
		return Stream.of(arguments(json("{'G':'AAAAAAAA8D8='}"), "/G", array + "a string"),
				arguments(json("{'G':null}"), "/G", array + "null"),
				arguments(json("{'G':{}}"), "/G",
						"must be a number or an array of numbers (named tensors stand under tensors, each with its own fields), was an object"),
				arguments(json("{'G':[]}"), "/G", "must not be an empty array"),
				arguments(json("{'G':['1']}"), "/G/0", "must be a number, was a string"),
				arguments(json("{'G':[1,2,3,null]}"), "/G/3", "must be a number, was null"),
				arguments(json("{'G':[1,[2]]}"), "/G/1",
						"must be a number (arrays are flat here: send row after row, or a safetensors file), was an array"),
				arguments(json("{'G':[0,1,2,3,1e400]}"), "/G/4", "must be within the range of F64, was 1e400"),
				arguments(json("{'G':[1,2,3," + "1".repeat(4097) + "]}"), "/G/3",
						"must be a number of at most 4096 characters"),
				// behind what has been staged already
				arguments(json("{'G':[1,2,3,4],'parameter':[1,2,3],'step':1.5}"), "/step",
						"must be an integer of 64 bits, was 1.5"),
				arguments(json("{'G':[1,2,3,4],'G':[1]}"), "/G", "is a duplicate field; it must stand only once"),
				arguments(json("{'G':[1,2,3,4],'g':[1]}"), "/g",
						json("is an unknown field; did you mean 'G'? allowed are step, G, parameter")));
	}

	@ParameterizedTest(name = "at {0}")
	@ValueSource(ints = { 0, 1023, 1024, 2999, 3000, 8192, 19_999 })
	void whatIsWrongInALargeArrayIsNamedByItsIndex(int place) {
		String good = "1,".repeat(place);
		for (int blockSize : new int[] { 1, 1000, 3000, JsonMessageReader.BLOCK_SIZE }) {
			assertThatRefusal(Code.INVALID_FIELD, () -> read(json("{'G':[" + good + "1e400,1]}"), LIMITS, blockSize))
				.withMessageStartingWith("/G/" + place + " must be within the range of F64");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'G':[1,2,3,NaN]}", "{'G':[1,2,3,]}", "{'G':[1,2,3", "{'G':[1,2,3 4]}", "{'G':01}",
			"{'G':[1,2,3]}x", "{'G':[1,2,3],'parameter':[1,2,3" })
	void malformed(String document) {
		for (int blockSize : new int[] { 1, 2, 3, 100 }) {
			assertThatRefusal(Code.MALFORMED_BODY, () -> read(json(document), LIMITS, blockSize));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 6, 100 })
	void arraysBeyondTheLimitAreGivenUpAtTheElement(int blockSize) {
		Limits five = new Limits(1000, 5, Limits.LARGEST_SESSION);
		assertThat(read(json("{'G':[1,2,3,4,5],'parameter':[1,2,3,4,5]}"), five, blockSize).G().size()).isEqualTo(5);
		assertThatRefusal(Code.TOO_LARGE,
				() -> read(json("{'parameter':[1,2,3,4,5],'G':[1,2,3,4,5,6,NaN"), five, blockSize))
			.withMessage("G must have at most 5 elements");
		assertThatRefusal(Code.TOO_LARGE,
				() -> read(json("{'G':[1,2,3,4,5]}"), new Limits(10, 5, Limits.LARGEST_SESSION), blockSize));
	}

	/// One block is kept in memory; of more than one nothing is.
	@ParameterizedTest
	@CsvSource({ "'1,2', 2, 16", "'1,2,3,4,5', 2, 0", "'1,2,3,4', 2, 0", "'1,2,3', 1, 0" })
	void whatIsStagedIsGivenBack(String elements, int blockSize, long held) throws IOException {
		CountedRoom room = new CountedRoom(() -> {
			SpoolFile file = new TemporaryFiles(this.folder).open();
			this.opened.add(file);
			return file;
		});
		byte[] document = Documents.utf8(json("{'G':[" + elements + "]}"));
		new JsonMessageReader(blockSize).read(TYPE, new ByteArrayInputStream(document), document.length, LIMITS, room);
		assertThat(room.taken()).isEqualTo(held);
		assertThat(room.calls()).anyMatch((bytes) -> bytes > 0);
	}

	@Test
	void theFilesOfAMessageStayOpen() throws IOException {
		Blocks<Numbers> G = read(json("{'G':[1,2,3]}"), LIMITS, 2).G();
		assertThat(bits(G, DType.F64)).isEqualTo("[1.0, 2.0, 3.0]");
		this.opened.getFirst().close();
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> bits(G, DType.F64));
	}

	@Test
	void aSpoolThatFailsIsNoFaultOfTheBody() {
		Room room = new UncountedRoom(() -> {
			throw new IOException("no");
		});
		JsonMessageReader reader = new JsonMessageReader(2);
		byte[] document = Documents.utf8(json("{'G':[1,2,3]}"));
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> reader.read(TYPE, new ByteArrayInputStream(document), -1, LIMITS, room));
	}

	private Restore read(String document, Limits limits, int blockSize) {
		Room room = new UncountedRoom(() -> {
			SpoolFile file = new TemporaryFiles(this.folder).open();
			this.opened.add(file);
			return file;
		});
		JsonMessageReader reader = new JsonMessageReader(blockSize);
		byte[] bytes = Documents.utf8(document);
		try {
			return reader.read(TYPE, new ByteArrayInputStream(bytes), bytes.length, limits, room);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/// Any decimal within F32, and often one in the middle of two floats, or just beside.
	private static String decimal(Random random) {
		float value = Float.intBitsToFloat(random.nextInt(0x7F00_0000));
		return switch (random.nextInt(4)) {
			case 0 -> Float.toString(-value);
			case 1 -> Double.toString(random.nextGaussian());
			case 2 -> Integer.toString(random.nextInt());
			default -> {
				BigDecimal middle = new BigDecimal(value).add(new BigDecimal(Math.nextUp(value)))
					.divide(BigDecimal.TWO);
				BigDecimal little = middle.ulp().scaleByPowerOfTen(-20);
				yield middle.add(little.multiply(BigDecimal.valueOf(random.nextInt(3) - 1))).toString();
			}
		};
	}

	private static String bits(Blocks<? extends Numbers> blocks, DType dtype) {
		List<String> texts = new ArrayList<>();
		for (Numbers block : blocks) {
			Tensor tensor = block.as(dtype);
			for (int i = 0; i < tensor.size(); i++) {
				// tells every two values apart, −0 from 0 too
				texts.add((dtype == DType.F32) ? Float.toString((float) tensor.valueAt(i))
						: Double.toString(tensor.valueAt(i)));
			}
		}
		return texts.toString();
	}

	record Restore(@Nullable Long step, @JsonProperty("G") @Nullable Blocks<Numbers> G,
			@Nullable Blocks<Numbers> parameter) implements Message {
	}

}
