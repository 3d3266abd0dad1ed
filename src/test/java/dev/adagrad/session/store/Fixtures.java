package dev.adagrad.session.store;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

import dev.adagrad.caller.Quotas;
import dev.adagrad.caller.Tenant;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Initial;
import dev.adagrad.session.Layout;
import dev.adagrad.session.NewSession;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Ranges;
import dev.adagrad.session.Restoration;
import dev.adagrad.session.Selection;
import dev.adagrad.session.SessionStore;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.State;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.session.Transition;
import dev.adagrad.session.Version;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;

/// What the tests of the stores put into them and get out.
public final class Fixtures {

	/// No tenant has a limit.
	public static final TenantRoom NO_LIMITS = new TenantRoom(Quotas.NONE, System::nanoTime);

	public static final Optional<Sha256> NO_KEY = Optional.empty();

	private Fixtures() {
	}

	public static OptimizerId id(String value) {
		return new OptimizerId(Tenant.DEFAULT, value);
	}

	/// A digest told apart by a number.
	public static Sha256 digest(long number) {
		return Sha256.ofBytes(ByteBuffer.allocate(Sha256.BYTES).putLong(number).array());
	}

	public static Optional<Sha256> key(long number) {
		return Optional.of(digest(number));
	}

	/// The configuration of a session of one flat array without a name.
	public static Configuration flat(long size, DType dtype, boolean held, Hyperparameters hyperparameters, long step,
			Optional<Duration> ttl) {
		TensorSpec array = new TensorSpec("", List.of(size), false, false, hyperparameters);
		return new Configuration(Layout.alone(array), dtype, held, hyperparameters, step, ttl);
	}

	public static Configuration configuration(long size, DType dtype, boolean held) {
		return flat(size, dtype, held, Hyperparameters.defaults(), 0, Optional.empty());
	}

	/// Of one tensor without a name.
	public static NewSession session(String id, Configuration configuration, Initial G, Optional<Initial> parameter,
			Sha256 initialTensors) {
		return new NewSession(id(id), "", configuration, "life-1", List.of(G), parameter.map(List::of), initialTensors);
	}

	/// Single elements of a session of one tensor.
	public static Selection at(long... indices) {
		Ranges ranges = Ranges.builder(indices.length).addEach(0, indices, 1).build();
		return new Selection.Some(ranges, ranges);
	}

	/// All of a session of one tensor.
	public static Restoration whole(Blocks<Tensor> G, Optional<Blocks<Tensor>> parameter) {
		return new Restoration.Whole(List.of(G), parameter.map(List::of));
	}

	/// G and a held parameter start from constants.
	public static NewSession constants(String id, long size, DType dtype, double G, double parameter) {
		return session(id, configuration(size, dtype, true), new Initial.Constant(G),
				Optional.of(new Initial.Constant(parameter)), digest(size));
	}

	/// No parameter is held, and G starts from 0.
	public static NewSession plain(String id, int size) {
		return session(id, configuration(size, DType.F64, false), new Initial.Constant(0), Optional.empty(),
				digest(size));
	}

	public static NewSession expiring(String id, int size, Duration ttl) {
		NewSession plain = plain(id, size);
		Configuration configuration = plain.configuration();
		return new NewSession(plain.id(), "",
				flat(size, DType.F64, false, configuration.hyperparameters(), 0, Optional.of(ttl)), plain.incarnation(),
				plain.G(), plain.parameter(), plain.initialTensors());
	}

	/// A parameter is held; both are given in blocks of `block` elements.
	public static NewSession given(String id, Tensor G, Tensor parameter, int block) {
		return session(id, configuration(G.size(), G.dtype(), true), new Initial.Given(blocks(G, block)),
				Optional.of(new Initial.Given(blocks(parameter, block))), digest(G.size()));
	}

	public static Tensor tensor(DType dtype, double... values) {
		return switch (dtype) {
			case F64 -> DoubleTensor.vector(values);
			case F32 -> {
				float[] floats = new float[values.length];
				for (int i = 0; i < values.length; i++) {
					floats[i] = (float) values[i];
				}
				yield FloatTensor.vector(floats);
			}
		};
	}

	/// first, first + 1, first + 2, …
	public static Tensor counting(DType dtype, int size, double first) {
		double[] values = new double[size];
		Arrays.setAll(values, (i) -> first + i);
		return tensor(dtype, values);
	}

	public static Tensor constant(DType dtype, int size, double value) {
		double[] values = new double[size];
		Arrays.fill(values, value);
		return tensor(dtype, values);
	}

	public static double[] elementsOf(Tensor tensor) {
		double[] values = new double[tensor.size()];
		Arrays.setAll(values, tensor::valueAt);
		return values;
	}

	public static Blocks<Tensor> blocks(Tensor whole, int block) {
		return new Blocks<>() {
			@Override
			public Shape shape() {
				return whole.shape();
			}

			@Override
			public Iterator<Tensor> iterator() {
				List<Tensor> blocks = new ArrayList<>();
				double[] values = elementsOf(whole);
				for (int from = 0; from < values.length; from += block) {
					blocks.add(tensor(whole.dtype(),
							Arrays.copyOfRange(values, from, Math.min(values.length, from + block))));
				}
				return blocks.iterator();
			}
		};
	}

	/// The first block, and then a failure.
	public static Blocks<Tensor> failing(Tensor whole, int block, RuntimeException failure) {
		Blocks<Tensor> good = blocks(whole, block);
		return new Blocks<>() {
			@Override
			public Shape shape() {
				return whole.shape();
			}

			@Override
			public Iterator<Tensor> iterator() {
				Iterator<Tensor> first = good.iterator();
				return new Iterator<>() {
					private boolean begun;

					@Override
					public boolean hasNext() {
						return true;
					}

					@Override
					public Tensor next() {
						if (this.begun) {
							throw failure;
						}
						this.begun = true;
						return first.next();
					}
				};
			}
		};
	}

	/// Adds `amount` to the elements of G, and takes it from those of a held parameter.
	/// Answers with the version after it; a key that is remembered is answered with the
	/// step that it was applied at, in the life "remembered".
	public static Transition<Version> adding(double amount, Selection selection) {
		return (session,
				remembered) -> remembered.<Transition.Plan<Version>>map(
						(applied) -> new Transition.Plan.Answer<>(new Version(applied.step(), "remembered")))
					.orElseGet(() -> new Transition.Plan.Write<>(selection, Optional.empty(),
							(state) -> new Transition.Written<>(plus(state, amount), session.version().next())));
	}

	/// The same, remembered with a request.
	public static Transition<Version> adding(double amount, Selection selection, Sha256 request) {
		Transition<Version> plain = adding(amount, selection);
		return (session, remembered) -> switch (plain.plan(session, remembered)) {
			case Transition.Plan.Write<Version> write ->
				new Transition.Plan.Write<>(selection, Optional.of(request), write.step());
			case Transition.Plan<Version> other -> other;
		};
	}

	public static Transition<Version> addingToAll(double amount) {
		return adding(amount, new Selection.All());
	}

	public static State plus(State state, double amount) {
		return new State(plus(state.G(), amount), state.parameter().map((parameter) -> plus(parameter, -amount)));
	}

	private static Tensor plus(Tensor tensor, double amount) {
		double[] values = elementsOf(tensor);
		Arrays.setAll(values, (i) -> values[i] + amount);
		return tensor(tensor.dtype(), values);
	}

	/// Everything a session holds, in one piece.
	public static State state(SessionStore store, String id) {
		return store.read(id(id), (session, stored) -> stored.elements(new Selection.All()));
	}

	public static double[] G(SessionStore store, String id) {
		return elementsOf(state(store, id).G());
	}

	public static double[] parameter(SessionStore store, String id) {
		return elementsOf(state(store, id).parameter().orElseThrow());
	}

	public static long step(SessionStore store, String id) {
		return store.find(id(id)).orElseThrow().version().step();
	}

	/// Waits, for a bounded time, until something holds.
	public static void await(java.util.function.BooleanSupplier condition) {
		long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() > deadline) {
				throw new AssertionError("it never came about");
			}
			java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
		}
	}

}
