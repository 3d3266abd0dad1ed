package dev.adagrad.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.SafetensorsFile;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// What is written, byte by byte, and as an independent reader finds it.
class SafetensorsMessageWriterTest {

	private static byte[] write(Message message) throws IOException {
		SafetensorsMessageWriter.File file = new SafetensorsMessageWriter().file(message);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		file.write(out);
		assertThat(file.length()).isEqualTo(out.size());
		return out.toByteArray();
	}

	@Test
	void everyByteIsAsTheFormatSays() throws IOException {
		byte[] bytes = write(new Answer(41L, null, DoubleTensor.of(Shape.scalar(), 1.5), null));
		String header = json("{'__metadata__':{'step':'41'},")
				+ json("'G':{'dtype':'F64','shape':[],'data_offsets':[0,8]}}");
		int padded = (header.length() + 7) / 8 * 8;
		ByteBuffer expected = ByteBuffer.allocate(8 + padded + 8).order(ByteOrder.LITTLE_ENDIAN);
		expected.putLong(padded)
			.put((header + " ".repeat(padded - header.length())).getBytes(StandardCharsets.US_ASCII))
			.putDouble(1.5);
		assertThat(bytes).isEqualTo(expected.array());
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 7, 8, 1023, 1024, 1025, 2048, 20_001 })
	void tensorsAreAlignedAndReadBackToTheLastBit(int size) throws IOException {
		SplittableRandom random = new SplittableRandom(size);
		float[] floats = new float[size];
		long[] indices = new long[size];
		for (int i = 0; i < size; i++) {
			floats[i] = Float.intBitsToFloat(random.nextInt() & ~0x4000_0000);
			indices[i] = random.nextLong(Long.MAX_VALUE);
		}
		byte[] bytes = write(new Answer(null, Blocks.of(FloatTensor.vector(floats)), FloatTensor.vector(floats),
				Indices.of(indices)));
		long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
		assertThat(header % 8).isZero();
		SafetensorsFile file = SafetensorsFile.parse(bytes);
		// the widest first, so that none lies askew
		assertThat(file.names()).containsExactly("indices", "parameter", "G");
		assertThat(file.metadata()).isEmpty();
		for (int i = 0; i < size; i++) {
			assertThat(file.longs("indices")[i]).isEqualTo(indices[i]);
			assertThat(Float.floatToRawIntBits((float) file.doubles("parameter")[i]))
				.isEqualTo(Float.floatToRawIntBits(floats[i]));
			if (i == 100) {
				break;
			}
		}
		assertThat(file.doubles("G")[size - 1]).isEqualTo(floats[size - 1]);
		assertThat(file.shape("parameter")).isEqualTo(List.of(size));
	}

	@Test
	void whatIsNoTensorStandsInTheMetadata() throws IOException {
		double[] doubles = new SplittableRandom(1).doubles(20_001).toArray();
		SafetensorsFile file = SafetensorsFile.parse(
				write(new Mixed(Documents.Placement.INSIDE_SQRT, DType.F64, -7, true, DoubleTensor.vector(doubles))));
		assertThat(file.metadata())
			.isEqualTo(Map.of("placement", "inside_sqrt", "dtype", "F64", "size", "-7", "maximize", "true"));
		assertThat(file.doubles("tensor")).isEqualTo(doubles);
	}

	record Mixed(Documents.Placement placement, DType dtype, Integer size, Boolean maximize,
			DoubleTensor tensor) implements Message {
	}

	record Answer(@Nullable Long step, @Nullable Blocks<Tensor> parameter, @JsonProperty("G") @Nullable Tensor G,
			@Nullable Indices indices) implements Message {
	}

}
