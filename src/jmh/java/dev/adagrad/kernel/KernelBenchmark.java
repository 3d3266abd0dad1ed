package dev.adagrad.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
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

/// One step, in microseconds: look at the median (p0.50), and divide it by `size` for the time of an element.
///
/// `loop` is the bare loop, into arrays that are there already: what a loop in C is to be compared with; `proximalLoop`
/// that with l1 and l2. `fast` is a
/// whole step with the default hyperparameters, its new arrays included, on tensors whose bounds are known, as they are
/// when they come from the wire; `fastUnknownBounds` has to find them first. `checked` is the same step with ε = 0 and
/// G = 0, where a denominator of 0 is possible, and `everyLine` climbs, clips and decays.
///
/// Run with `mvn -Pbench test-compile exec:exec -Dbench=KernelBenchmark`.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {

	@Param({ "F64", "F32" })
	DType dtype = DType.F64;

	@Param({ "1000", "100000" })
	int size = 1000;

	private final Hyperparameters defaults = Hyperparameters.defaults();

	private final Hyperparameters noEpsilon = new Hyperparameters(0.01, 0, EpsilonPlacement.OUTSIDE_SQRT, 0, 0,
			WeightDecayMode.COUPLED, false, new Clipping.None());

	private final Hyperparameters everyLine = new Hyperparameters(0.01, 1e-8, EpsilonPlacement.INSIDE_SQRT, 0.1, 0.01,
			WeightDecayMode.COUPLED, true, new Clipping.ByValue(1));

	private Tensor parameter = DoubleTensor.vector(0);

	private Tensor grad = DoubleTensor.vector(0);

	private Tensor G = DoubleTensor.vector(0);

	private Tensor zeroG = DoubleTensor.vector(0);

	private Tensor ownParameter = DoubleTensor.vector(0);

	private Tensor ownG = DoubleTensor.vector(0);

	private double[] newDoubles = {};

	private double[] newDoubleG = {};

	private float[] newFloats = {};

	private float[] newFloatG = {};

	@Setup
	public void draw() {
		SplittableRandom random = new SplittableRandom(1);
		this.parameter = tensor(random.doubles(this.size, -1, 1).toArray());
		this.grad = tensor(random.doubles(this.size, -1, 1).toArray());
		this.G = tensor(random.doubles(this.size, 0, 1).toArray());
		this.ownParameter = tensor(random.doubles(this.size, -1, 1).toArray());
		this.ownG = tensor(random.doubles(this.size, 0, 1).toArray());
		this.zeroG = tensor(new double[this.size]);
		this.newDoubles = new double[this.size];
		this.newDoubleG = new double[this.size];
		this.newFloats = new float[this.size];
		this.newFloatG = new float[this.size];
		for (Tensor tensor : new Tensor[] { this.parameter, this.grad, this.G, this.ownParameter,
				this.ownG, this.zeroG }) {
			tensor.bounds();
		}
	}

	@Benchmark
	public void loop() {
		switch (this.parameter) {
			case DoubleTensor doubles -> DoubleLoops.step(doubles.values(), ((DoubleTensor) this.grad).values(),
					((DoubleTensor) this.G).values(), 0, this.size, 0.01, 0, 1e-8, this.newDoubles, this.newDoubleG);
			case FloatTensor floats -> FloatLoops.step(floats.values(), ((FloatTensor) this.grad).values(),
					((FloatTensor) this.G).values(), 0, this.size, 0.01f, 0, 1e-8f, this.newFloats, this.newFloatG);
		}
	}

	@Benchmark
	public void proximalLoop() {
		switch (this.parameter) {
			case DoubleTensor doubles ->
				DoubleLoops.stepProximal(doubles.values(), ((DoubleTensor) this.grad).values(),
						((DoubleTensor) this.G).values(), 0, this.size, 0.01, 0, 1e-8, 0.1, 0.1, this.newDoubles,
						this.newDoubleG);
			case FloatTensor floats -> FloatLoops.stepProximal(floats.values(), ((FloatTensor) this.grad).values(),
					((FloatTensor) this.G).values(), 0, this.size, 0.01f, 0, 1e-8f, 0.1f, 0.1f, this.newFloats,
					this.newFloatG);
		}
	}

	@Benchmark
	public StepResult fast() {
		return alone(this.defaults, 1).take(this.parameter, this.grad, this.G, Set.of());
	}

	/// In the memory of the parameter and of G, which so change from call to call: the
	/// parameter moves less and less, and G grows.
	@Benchmark
	public StepResult inPlace() {
		return alone(this.defaults, 1).takeInPlace(this.ownParameter, this.grad, this.ownG, Set.of());
	}

	@Benchmark
	public StepResult fastUnknownBounds() {
		return alone(this.defaults, 1).take(unknown(this.parameter), unknown(this.grad), unknown(this.G), Set.of());
	}

	@Benchmark
	public StepResult everyLine() {
		return alone(this.everyLine, 7).take(this.parameter, this.grad, this.G, Set.of());
	}

	@Benchmark
	public StepResult checked() {
		return alone(this.noEpsilon, 1).take(this.parameter, this.grad, this.zeroG, Set.of());
	}

	private AdaGrad alone(Hyperparameters h, long step) {
		return new AdaGrad(h, List.of(new Part(0, this.size, 0, 1, h, false)), step);
	}

	private Tensor tensor(double[] values) {
		float[] floats = new float[values.length];
		for (int i = 0; i < floats.length; i++) {
			floats[i] = (float) values[i];
		}
		return (this.dtype == DType.F64) ? DoubleTensor.vector(Arrays.copyOf(values, values.length))
				: FloatTensor.vector(floats);
	}

	private static Tensor unknown(Tensor tensor) {
		Shape shape = tensor.shape();
		return switch (tensor) {
			case DoubleTensor doubles -> DoubleTensor.proved(shape, doubles.values());
			case FloatTensor floats -> FloatTensor.proved(shape, floats.values());
		};
	}

}
