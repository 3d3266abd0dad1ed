package dev.adagrad.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.IntStream;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Decimals;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Memory;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SpooledBlocksTest {

	@TempDir
	private Path folder;

	private final List<SpoolFile> opened = new ArrayList<>();

	private final Spool spool = () -> {
		SpoolFile file = new TemporaryFiles(this.folder).open();
		this.opened.add(file);
		return file;
	};

	@AfterEach
	void close() throws IOException {
		for (SpoolFile file : this.opened) {
			file.close();
		}
	}

	@ParameterizedTest(name = "blocks of {0}")
	@ValueSource(ints = { 1, 2, 8191, 8192, 8193, 20_000 })
	void tensorsComeBackAsTheyWere(int size) {
		Random random = new Random(size);
		SpooledBlocks<Tensor> builder = new SpooledBlocks<>(this.spool, 0);
		List<Tensor> added = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			Tensor block = (i % 2 == 0) ? DoubleTensor.vector(random.doubles(size).toArray())
					: FloatTensor.vector(floats(random, size));
			added.add(block);
			builder.add(block);
		}
		Blocks<Tensor> blocks = all(builder, added);
		assertThat(blocks.size()).isEqualTo(5 * size);
		assertThat(this.opened).as("one element is constant").hasSize((size == 1) ? 0 : 1);
		for (int round = 0; round < 2; round++) {
			assertThat(blocks).usingElementComparator(SpooledBlocksTest::compare).containsExactlyElementsOf(added);
		}
	}

	@ParameterizedTest(name = "every {0}th beside a float")
	@ValueSource(ints = { 1, 2, 1000, 100_000 })
	void decimalsComeBackWithTheirFloats(int distance) {
		SpooledBlocks<Numbers> builder = new SpooledBlocks<>(this.spool, 0);
		List<Decimals> added = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			Decimals block = decimals(30_000 + i, distance);
			added.add(block);
			builder.add(block);
		}
		Iterator<Numbers> blocks = all(builder, added).iterator();
		for (Decimals expected : added) {
			Decimals block = (Decimals) blocks.next();
			assertThat(block.values()).containsExactly(expected.values());
			assertThat(block.floatIndices()).containsExactly(expected.floatIndices());
			assertThat(block.floatValues()).containsExactly(expected.floatValues());
			assertThat(block.bounds()).isEqualTo(expected.bounds());
			assertThat(block.shape()).isEqualTo(expected.shape());
		}
		assertThat(blocks.hasNext()).isFalse();
		assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(blocks::next);
	}

	@Test
	void whatIsFewStaysInMemory() {
		SpooledBlocks<Tensor> spooled = new SpooledBlocks<>(this.spool, 5);
		Tensor first = DoubleTensor.of(Shape.vector(3), 1, 2, 3);
		Tensor second = DoubleTensor.of(Shape.vector(2), 4, 5);
		CountedRoom memory = new CountedRoom(this.spool);
		spooled.add(first, 24, memory);
		spooled.add(second, 16, memory);
		Blocks<Tensor> blocks = spooled.since(0, Shape.vector(5));
		assertThat(memory.calls()).isEmpty();
		assertThat(blocks).containsExactly(first, second);
		assertThat(blocks.size()).isEqualTo(5);
		assertThat(this.opened).isEmpty();
	}

	/// Two arrays in one file, the first of which was in memory until the second came.
	@Test
	void arraysShareAFile() {
		SpooledBlocks<Tensor> spooled = new SpooledBlocks<>(this.spool, 4);
		CountedRoom memory = new CountedRoom(this.spool);
		spooled.add(DoubleTensor.vector(1, 2), 16, memory);
		spooled.add(DoubleTensor.vector(3, 4), 17, memory);
		Blocks<Tensor> first = spooled.since(0, new Shape(List.of(2, 2)));
		assertThat(this.opened).isEmpty();
		int begin = spooled.count();
		assertThat(memory.calls()).isEmpty();
		spooled.add(DoubleTensor.vector(5, 6), 18, memory);
		Blocks<Tensor> second = spooled.since(begin, Shape.vector(2));
		assertThat(memory.calls()).as("what all three had in memory").containsExactly(-51L);
		assertThat(this.opened).hasSize(1);
		assertThat(first.shape()).isEqualTo(new Shape(List.of(2, 2)));
		assertThat(first).usingElementComparator(SpooledBlocksTest::compare)
			.containsExactly(DoubleTensor.vector(1, 2), DoubleTensor.vector(3, 4));
		assertThat(second).usingElementComparator(SpooledBlocksTest::compare)
			.containsExactly(DoubleTensor.vector(5, 6));
		assertThatIllegalStateException().isThrownBy(() -> spooled.since(begin, Shape.vector(3)))
			.withMessageContaining("1 blocks of 2 elements");
		spooled.add(DoubleTensor.vector(7, 8), 19, memory);
		assertThat(memory.calls()).containsExactly(-51L, -19L);
	}

	/// All that was added, as one array.
	private static <N extends Numbers> Blocks<N> all(SpooledBlocks<N> spooled, List<? extends N> added) {
		return spooled.since(0, Shape.vector(added.stream().mapToInt(Numbers::size).sum()));
	}

	@Test
	void whatIsConstantTakesNoRoom() {
		SpooledBlocks<Numbers> builder = new SpooledBlocks<>(this.spool, 0);
		List<Numbers> added = new ArrayList<>();
		for (double value : new double[] { 0, -0.0, 1.5, -Double.MIN_VALUE }) {
			double[] doubles = new double[1000];
			Arrays.fill(doubles, value);
			added.add(DoubleTensor.vector(doubles));
			float[] floats = new float[999];
			Arrays.fill(floats, (float) value);
			added.add(FloatTensor.vector(floats));
			added.add(Decimals.vector(doubles, new int[0], new float[0]));
		}
		CountedRoom memory = new CountedRoom(this.spool);
		added.forEach((block) -> builder.add(block, 1, memory));
		assertThat(memory.taken()).as("what is constant is no longer in memory either").isEqualTo(-added.size());
		Blocks<Numbers> blocks = all(builder, added);
		assertThat(this.opened).isEmpty();
		assertThat(blocks.size()).isEqualTo(4 * 2999);
		Iterator<Numbers> actual = blocks.iterator();
		for (Numbers expected : added) {
			assertThat(bits(actual.next())).containsExactly(bits(expected));
		}
		assertThat(actual.hasNext()).isFalse();
	}

	@Test
	void whatIsNotConstantToTheLastBitIsWritten() throws IOException {
		double[] doubles = new double[1000];
		doubles[999] = -0.0;
		float[] floats = new float[1000];
		floats[1] = -0.0f;
		Decimals.Builder besideFloats = Decimals.builder(Memory.UNCOUNTED);
		for (int i = 0; i < 2; i++) {
			besideFloats.add((1 + (double) Math.nextUp(1f)) / 2, Math.nextUp(1f));
		}
		List<Numbers> added = List.of(DoubleTensor.vector(1, 1), DoubleTensor.vector(doubles),
				FloatTensor.vector(floats), besideFloats.buildVector());
		SpooledBlocks<Numbers> builder = new SpooledBlocks<>(this.spool, 0);
		added.forEach(builder::add);
		assertThat(this.opened.getFirst().size()).isEqualTo(8000 + 4000 + 16 + 8 + 8);
		Iterator<Numbers> actual = all(builder, added).iterator();
		for (Numbers expected : added) {
			assertThat(bits(actual.next())).containsExactly(bits(expected));
		}
	}

	private static long[] bits(Numbers numbers) {
		return switch (numbers) {
			case Decimals decimals -> Arrays.stream(decimals.values()).mapToLong(Double::doubleToRawLongBits).toArray();
			case DoubleTensor tensor -> Arrays.stream(tensor.values()).mapToLong(Double::doubleToRawLongBits).toArray();
			case FloatTensor tensor -> IntStream.range(0, tensor.size())
				.mapToLong((i) -> Float.floatToRawIntBits(tensor.values()[i]))
				.toArray();
		};
	}

	@Test
	void iteratorsDoNotDisturbEachOther() {
		SpooledBlocks<Tensor> builder = new SpooledBlocks<>(this.spool, 0);
		for (int i = 0; i < 3; i++) {
			builder.add(DoubleTensor.vector(i, -1));
		}
		Blocks<Tensor> blocks = builder.since(0, Shape.vector(6));
		Iterator<Tensor> one = blocks.iterator();
		Iterator<Tensor> other = blocks.iterator();
		assertThat(one.next().valueAt(0)).isEqualTo(0);
		assertThat(one.next().valueAt(0)).isEqualTo(1);
		assertThat(other.next().valueAt(0)).isEqualTo(0);
		assertThat(one.next().valueAt(0)).isEqualTo(2);
		assertThat(other.next().valueAt(0)).isEqualTo(1);
	}

	@Test
	void afterClosingNothingCanBeRead() throws IOException {
		SpooledBlocks<Tensor> builder = new SpooledBlocks<>(this.spool, 0);
		builder.add(DoubleTensor.vector(1, 2));
		builder.add(DoubleTensor.vector(3, 4));
		Blocks<Tensor> blocks = builder.since(0, Shape.vector(4));
		this.opened.getFirst().close();
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> blocks.iterator().next())
			.withCauseInstanceOf(ClosedChannelException.class);
		assertThatExceptionOfType(ClosedChannelException.class)
			.isThrownBy(() -> this.opened.getFirst().append(ByteBuffer.allocate(1)));
	}

	@Test
	void aSpoolThatFailsIsNotHidden() {
		SpooledBlocks<Tensor> builder = new SpooledBlocks<>(() -> {
			throw new IOException("no");
		}, 2);
		builder.add(DoubleTensor.vector(1, 2));
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> builder.add(DoubleTensor.vector(3, 4)));
	}

	@Test
	void thereMustBeABlock() {
		assertThatIllegalStateException()
			.isThrownBy(() -> new SpooledBlocks<>(this.spool, 0).since(0, Shape.vector(0)));
	}

	private static int compare(Tensor one, Tensor other) {
		boolean equal = one.shape().equals(other.shape()) && one.bounds().equals(other.bounds())
				&& ((one instanceof DoubleTensor a && other instanceof DoubleTensor b)
						? Arrays.equals(a.values(), b.values()) : one instanceof FloatTensor c
								&& other instanceof FloatTensor d && Arrays.equals(c.values(), d.values()));
		return equal ? 0 : 1;
	}

	private static float[] floats(Random random, int size) {
		float[] floats = new float[size];
		for (int i = 0; i < size; i++) {
			floats[i] = (float) random.nextGaussian();
		}
		return floats;
	}

	/// Of every so many, one is the middle of two floats, rounded to the upper, odd one.
	private static Decimals decimals(int size, int distance) {
		Decimals.Builder builder = Decimals.builder(Memory.UNCOUNTED);
		for (int i = 0; i < size; i++) {
			if (i % distance == 0) {
				float lower = 1 + 2 * i * Math.ulp(1f);
				builder.add((lower + (double) Math.nextUp(lower)) / 2, Math.nextUp(lower));
			}
			else {
				builder.add(-i);
			}
		}
		return builder.buildVector();
	}

}
