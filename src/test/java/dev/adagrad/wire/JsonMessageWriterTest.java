package dev.adagrad.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Decimals;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Memory;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class JsonMessageWriterTest {

	private static final JsonMapper JACKSON = JsonMapper.builder().build();

	@Test
	void writesEveryKindOfField() {
		Answer answer = new Answer(DoubleTensor.vector(0.99000001, -0.0, 1e-8, 1e22, 3),
				FloatTensor.of(Shape.scalar(), 0.1f), DoubleTensor.of(Shape.scalar(), 0.1), 41, 0.01, true, DType.F64,
				EnumSet.allOf(Documents.Include.class), "a \"\\\n\u007fé😀/");
		assertThat(written(answer))
			.isEqualTo("{\"parameter\":[0.99000001,-0.0,1.0E-8,1.0E22,3.0],\"G\":0.1,\"update\":0.1,"
					+ "\"step\":41,\"learning_rate\":0.01,\"maximize\":true,\"dtype\":\"F64\","
					+ "\"include\":[\"effective_learning_rate\",\"update\"],"
					+ "\"name\":\"a \\\"\\\\\\u000a\\u007f\\u00e9\\ud83d\\ude00/\"}");
		assertThat(JACKSON.readTree(written(answer)).get("name").stringValue()).isEqualTo(answer.name());
	}

	@Test
	void leavesNullsOut() {
		assertThat(written(new Answer(null, null, null, -1, null, null, null, Set.of(), null)))
			.isEqualTo(json("{'step':-1,'include':[]}"));
		assertThat(written(new Nothing())).isEqualTo("{}");
		assertThat(written(new Maybe(null))).isEqualTo("{}");
	}

	@Test
	void blocksAreOneArray() {
		assertThat(written(new InBlocks(blocks(DoubleTensor.vector(1, -0.0), DoubleTensor.vector(0.1)))))
			.isEqualTo(json("{'G':[1.0,-0.0,0.1]}"));
		assertThat(written(new InBlocks(blocks(FloatTensor.vector(0.1f), FloatTensor.vector(2, 3)))))
			.isEqualTo(json("{'G':[0.1,2.0,3.0]}"));
		assertThat(written(new InBlocks(blocks(DoubleTensor.vector(7))))).isEqualTo(json("{'G':[7.0]}"));
		assertThat(written(new InBlocks(null))).isEqualTo("{}");
	}

	@ParameterizedTest(name = "blocks of {0}")
	@ValueSource(ints = { 1, 2, 999, 4096 })
	void blocksReadBackAsTheWhole(int blockSize) {
		double[] values = new Random(blockSize).doubles(10_000).toArray();
		Tensor[] tensors = IntStream.iterate(0, (at) -> at < values.length, (at) -> at + blockSize)
			.mapToObj((at) -> DoubleTensor
				.vector(Arrays.copyOfRange(values, at, Math.min(values.length, at + blockSize))))
			.toArray(Tensor[]::new);
		assertThat(written(new InBlocks(blocks(tensors))))
			.isEqualTo(written(new Maybe(DoubleTensor.vector(values))).replace("tensor", "G"));
	}

	@Test
	void blocksWithoutADtypeAreNotWritten() {
		Decimals.Builder decimals = Decimals.builder(Memory.UNCOUNTED);
		decimals.add(1);
		Staged staged = new Staged(Blocks.of(decimals.buildVector()));
		assertThatIllegalArgumentException().isThrownBy(() -> written(staged));
	}

	private static Blocks<Tensor> blocks(Tensor... tensors) {
		return new Blocks<>() {
			@Override
			public Shape shape() {
				return Shape.vector(Arrays.stream(tensors).mapToInt(Tensor::size).sum());
			}

			@Override
			public Iterator<Tensor> iterator() {
				return List.of(tensors).iterator();
			}
		};
	}

	@Test
	void writesTimesAsRfc3339InUtc() {
		assertThat(written(new Description("a", 3, Instant.parse("2026-07-01T12:00:00Z"), null)))
			.isEqualTo(json("{'id':'a','size':3,'created_at':'2026-07-01T12:00:00Z'}"));
		assertThat(written(new Description("a", -3, null, Instant.ofEpochSecond(-1, 1_000))))
			.isEqualTo(json("{'id':'a','size':-3,'expires_at':'1969-12-31T23:59:59.000001Z'}"));
	}

	@Test
	void writesMessagesWithinMessages() {
		Description one = new Description("a", 1, null, null);
		Description two = new Description("b", Integer.MAX_VALUE, null, null);
		assertThat(written(new Page(List.of(one, two), "b", null)))
			.isEqualTo(json("{'sessions':[{'id':'a','size':1},{'id':'b','size':2147483647}],'next':'b'}"));
		assertThat(written(new Page(List.of(), null, null))).isEqualTo(json("{'sessions':[],'next':null}"));
	}

	@Test
	void writesIndices() {
		assertThat(written(new Picked(Indices.of(5, 0, 5, Integer.MAX_VALUE))))
			.isEqualTo(json("{'indices':[5,0,5,2147483647]}"));
	}

	@Test
	void anyRankButZeroIsOneFlatArray() {
		assertThat(written(new Maybe(DoubleTensor.of(new Shape(List.of(2, 2)), 1, 2, 3, 4))))
			.isEqualTo(json("{'tensor':[1.0,2.0,3.0,4.0]}"));
		assertThat(written(new Maybe(FloatTensor.of(new Shape(List.of(1, 1)), 1)))).isEqualTo(json("{'tensor':[1.0]}"));
		assertThat(written(new Maybe(DoubleTensor.vector()))).isEqualTo(json("{'tensor':[]}"));
		assertThat(written(new Maybe(FloatTensor.vector()))).isEqualTo(json("{'tensor':[]}"));
	}

	@Test
	void refusesNumbersThatAreNone() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> written(new Answer(null, null, null, 1, Double.NaN, null, null, Set.of(), null)));
	}

	@Test
	void anAnswerLongerThanTheBufferIsHandedOnInPieces() {
		String name = "x".repeat(20_000);
		assertThat(written(new Answer(null, null, null, 1, null, null, null, Set.of(), name))).endsWith(name + "\"}");
		assertThat(written(new Answer(null, null, null, 1, null, null, null, Set.of(), "é".repeat(9_000))))
			.hasSize("{'step':1,'include':[],'name':''}".length() + 6 * 9_000);
	}

	@ParameterizedTest(name = "{0} elements")
	@ValueSource(ints = { 1, 7, 8, 9, 300, 400, 1000, 10_000 })
	void everyLengthIsFlushedWhole(int length) {
		double[] values = new Random(length).doubles(length).toArray();
		JsonNode tensor = JACKSON.readTree(written(new Maybe(DoubleTensor.vector(values)))).get("tensor");
		assertThat(IntStream.range(0, tensor.size()).mapToDouble((i) -> tensor.get(i).doubleValue()))
			.containsExactly(IntStream.range(0, length).mapToObj((i) -> values[i]).toArray(Double[]::new));
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 1, 2, 3 })
	void anyF64ReadsBackToTheSameBits(long seed) {
		Random random = new Random(seed);
		double[] values = random.longs(60_000).mapToDouble(Double::longBitsToDouble).filter(Double::isFinite).toArray();
		String text = written(new Maybe(DoubleTensor.vector(values)));
		Numbers read = readBack(text);
		JsonNode byJackson = JACKSON.readTree(text).get("tensor");
		for (int i = 0; i < values.length; i++) {
			long bits = Double.doubleToRawLongBits(values[i]);
			if (Double.doubleToRawLongBits(read.valueAt(i)) != bits
					|| Double.doubleToRawLongBits(byJackson.get(i).doubleValue()) != bits) {
				assertThat(read.valueAt(i)).isEqualTo(values[i]).isEqualTo(byJackson.get(i).doubleValue());
			}
		}
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 4, 5, 6 })
	void anyF32ReadsBackToTheSameBits(long seed) {
		Random random = new Random(seed);
		float[] values = new float[60_000];
		for (int i = 0; i < values.length; i++) {
			float value = Float.intBitsToFloat(random.nextInt());
			values[i] = Float.isFinite(value) ? value : Float.MIN_VALUE;
		}
		String text = written(new Maybe(FloatTensor.vector(values)));
		FloatTensor read = (FloatTensor) readBack(text).as(DType.F32);
		String[] texts = text.substring(text.indexOf('[') + 1, text.indexOf(']')).split(",", -1);
		for (int i = 0; i < values.length; i++) {
			int bits = Float.floatToRawIntBits(values[i]);
			if (Float.floatToRawIntBits(read.values()[i]) != bits
					|| Float.floatToRawIntBits(Float.parseFloat(texts[i])) != bits) {
				assertThat(read.values()[i]).as(texts[i]).isEqualTo(values[i]);
			}
		}
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 7 })
	void noFewerDigitsWouldReadBack(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < 5000; i++) {
			double value = Double.longBitsToDouble(random.nextLong());
			if (Double.isFinite(value)) {
				assertShortest(written(new Maybe(DoubleTensor.of(Shape.scalar(), value))),
						(text) -> Double.parseDouble(text) == value);
			}
			float small = Float.intBitsToFloat(random.nextInt());
			if (Float.isFinite(small)) {
				assertShortest(written(new Maybe(FloatTensor.of(Shape.scalar(), small))),
						(text) -> Float.parseFloat(text) == small);
			}
		}
	}

	private static void assertShortest(String document, Predicate<String> readsBack) {
		BigDecimal decimal = new BigDecimal(document.substring(document.indexOf(':') + 1, document.length() - 1))
			.stripTrailingZeros();
		assertThat(readsBack.test(decimal.toString())).isTrue();
		// the JDK gives at least two digits, of which the second may be needless
		if (decimal.precision() > 2) {
			for (RoundingMode mode : new RoundingMode[] { RoundingMode.UP, RoundingMode.DOWN }) {
				BigDecimal shorter = decimal.round(new MathContext(decimal.precision() - 1, mode));
				assertThat(readsBack.test(shorter.toString())).as("%s for %s", shorter, document).isFalse();
			}
		}
	}

	private static Numbers readBack(String text) {
		return Documents.read(text.replace("tensor", "grad")).grad();
	}

	private static String written(Message message) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try {
			new JsonMessageWriter().write(message, out);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return out.toString(StandardCharsets.US_ASCII);
	}

	record Answer(@Nullable Tensor parameter, @JsonProperty("G") @Nullable Tensor G, @Nullable DoubleTensor update,
			long step, @JsonProperty("learning_rate") @Nullable Double learningRate, @Nullable Boolean maximize,
			@Nullable DType dtype, Set<Documents.Include> include, @Nullable String name) implements Message {
	}

	record Maybe(@Nullable Tensor tensor) implements Message {
	}

	record Description(String id, int size, @JsonProperty("created_at") @Nullable Instant createdAt,
			@JsonProperty("expires_at") @Nullable Instant expiresAt) implements Message {
	}

	record Page(List<Description> sessions, @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String next,
			@Nullable Integer count) implements Message {
	}

	record Picked(Indices indices) implements Message {
	}

	record InBlocks(@JsonProperty("G") @Nullable Blocks<Tensor> G) implements Message {
	}

	record Staged(@JsonProperty("G") Blocks<Numbers> G) implements Message {
	}

	record Nothing() implements Message {
	}

}
