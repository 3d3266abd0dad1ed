package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
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

/// A message of three tensors as safetensors, read and written, beside reading the same bytes into one array alone.
///
/// `mvn -Pbench test-compile exec:exec -Dbench=SafetensorsBenchmark`
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SafetensorsBenchmark {

	private static final Limits LIMITS = new Limits(1L << 30, 1 << 24, Limits.LARGEST_SESSION);

	private static final MessageType<Request> TYPE = MessageType.of(Request.class);

	/// The elements of each tensor.
	@Param({ "3", "1000", "100000", "1000000" })
	public int n;

	@Param({ "F64", "F32" })
	public DType dtype = DType.F64;

	private final SafetensorsMessageReader reader = new SafetensorsMessageReader();

	private final Room room = new UncountedRoom(() -> {
		throw new AssertionError("nothing is staged");
	});

	private final SafetensorsMessageWriter writer = new SafetensorsMessageWriter();

	private Answer message = new Answer(DoubleTensor.vector(), DoubleTensor.vector(), DoubleTensor.vector());

	private byte[] file = {};

	@Setup
	public void setUp() throws IOException {
		Random random = new Random(42);
		this.message = new Answer(values(random), values(random), values(random));
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		this.writer.file(this.message).write(out);
		this.file = out.toByteArray();
	}

	private Tensor values(Random random) {
		double[] values = random.doubles(this.n).toArray();
		if (this.dtype == DType.F64) {
			return DoubleTensor.vector(values);
		}
		float[] floats = new float[this.n];
		for (int i = 0; i < this.n; i++) {
			floats[i] = (float) values[i];
		}
		return FloatTensor.vector(floats);
	}

	@Benchmark
	public Object read() throws IOException {
		return this.reader.read(TYPE, new ByteArrayInputStream(this.file), this.file.length, LIMITS, this.room);
	}

	@Benchmark
	public Object readBytesAlone() {
		return new ByteArrayInputStream(this.file).readAllBytes();
	}

	@Benchmark
	public void write() throws IOException {
		this.writer.file(this.message).write(OutputStream.nullOutputStream());
	}

	record Request(Numbers parameter, Numbers grad, @JsonProperty("G") Numbers G, @Nullable DType dtype)
			implements
				Message {
	}

	record Answer(Tensor parameter, Tensor grad, @JsonProperty("G") Tensor G) implements Message {
	}

}
