package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.spool.Room;
import dev.adagrad.spool.UncountedRoom;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

/// A message of three arrays as JSON, read and written, beside a plain record of `double[]` bound by Jackson.
///
/// `mvn -Pbench test-compile exec:exec -Dbench=JsonBenchmark`
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class JsonBenchmark {

	private static final Limits LIMITS = new Limits(1L << 30, 1 << 24, Limits.LARGEST_SESSION);

	private static final MessageType<Ours> TYPE = MessageType.of(Ours.class);

	/// The elements of each array.
	@Param({ "3", "1000", "100000" })
	public int n;

	/// `full`: values as training makes them, 16 or 17 digits each; `short`: up to 6
	/// digits, as people write them.
	@Param({ "full", "short" })
	public String digits = "full";

	private final JsonMapper jackson = JsonMapper.builder().build();

	private final JsonMessageReader reader = new JsonMessageReader();

	private final Room room = new UncountedRoom(() -> {
		throw new AssertionError("nothing is staged");
	});

	private final JsonMessageWriter writer = new JsonMessageWriter();

	private byte[] json = {};

	private Theirs theirs = new Theirs(new double[0], new double[0], new double[0], 0);

	private Written doubles = new Written(DoubleTensor.vector(), DoubleTensor.vector(), DoubleTensor.vector(), 0);

	private Written floats = this.doubles;

	@Setup
	public void setUp() {
		Random random = new Random(42);
		this.theirs = new Theirs(values(random), values(random), values(random), 0.01);
		this.json = this.jackson.writeValueAsString(this.theirs).getBytes(StandardCharsets.UTF_8);
		this.doubles = new Written(DoubleTensor.vector(this.theirs.parameter), DoubleTensor.vector(this.theirs.grad),
				DoubleTensor.vector(this.theirs.G), 0.01);
		this.floats = new Written(floats(this.theirs.parameter), floats(this.theirs.grad), floats(this.theirs.G), 0.01);
	}

	private double[] values(Random random) {
		double[] values = new double[this.n];
		for (int i = 0; i < values.length; i++) {
			double value = random.nextGaussian();
			values[i] = this.digits.equals("full") ? value : Math.round(value * 1e5) / 1e5;
		}
		return values;
	}

	private static FloatTensor floats(double[] values) {
		float[] floats = new float[values.length];
		for (int i = 0; i < floats.length; i++) {
			floats[i] = (float) values[i];
		}
		return FloatTensor.vector(floats);
	}

	@Benchmark
	public Object read() throws IOException {
		return this.reader.read(TYPE, new ByteArrayInputStream(this.json), this.json.length, LIMITS, this.room);
	}

	@Benchmark
	public Object readOfUnknownLength() throws IOException {
		return this.reader.read(TYPE, new ByteArrayInputStream(this.json), -1, LIMITS, this.room);
	}

	@Benchmark
	public Object readAsFloats() throws IOException {
		return this.reader.read(TYPE, new ByteArrayInputStream(this.json), this.json.length, LIMITS, this.room)
			.grad()
			.as(DType.F32);
	}

	@Benchmark
	public Object readByJackson() {
		return this.jackson.readValue(new ByteArrayInputStream(this.json), Theirs.class);
	}

	@Benchmark
	public void write() throws IOException {
		this.writer.write(this.doubles, OutputStream.nullOutputStream());
	}

	@Benchmark
	public void writeFloats() throws IOException {
		this.writer.write(this.floats, OutputStream.nullOutputStream());
	}

	@Benchmark
	public void writeByJackson() {
		this.jackson.writeValue(OutputStream.nullOutputStream(), this.theirs);
	}

	record Ours(Numbers parameter, Numbers grad, @JsonProperty("G") Numbers G,
			@JsonProperty("learning_rate") @Nullable Double learningRate) implements Message {
	}

	record Written(Tensor parameter, Tensor grad, @JsonProperty("G") Tensor G,
			@JsonProperty("learning_rate") double learningRate) implements Message {
	}

	@SuppressWarnings("ArrayRecordComponent")
	record Theirs(double[] parameter, double[] grad, @JsonProperty("G") double[] G,
			@JsonProperty("learning_rate") double learningRate) {
	}

}
