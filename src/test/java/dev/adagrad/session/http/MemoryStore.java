package dev.adagrad.session.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.adagrad.caller.Tenant;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Initial;
import dev.adagrad.session.NewSession;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Ranges;
import dev.adagrad.session.Restoration;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Session;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.SessionStore;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.State;
import dev.adagrad.session.StoredState;
import dev.adagrad.session.Transition;
import dev.adagrad.session.Vector;
import dev.adagrad.session.Version;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Tensor;

/// Sessions in memory, for one thread, with nothing of what makes a store durable: for tests of those who call one.
final class MemoryStore implements SessionStore {

	static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

	private final TreeMap<OptimizerId, Session> sessions = new TreeMap<>(Comparator.comparing(OptimizerId::qualified));

	private final Map<OptimizerId, State> states = new HashMap<>();

	private final Map<OptimizerId, Map<Sha256, Transition.AppliedStep>> keys = new HashMap<>();

	/// Creations that are to find another session of their id.
	int collisions;

	/// What happens behind the back of a restore, before it is checked.
	Runnable beforeRestore = () -> {
	};

	/// What deletions came to check.
	final List<Boolean> checkedDeletions = new ArrayList<>();

	@Override
	public Creation create(NewSession wanted) {
		Session existing = this.sessions.get(wanted.id());
		Configuration configuration = wanted.configuration();
		Session session = new Session(wanted.id(), wanted.owner(), configuration, wanted.starts(),
				wanted.initialTensors(), new Version(configuration.initialStep(), wanted.incarnation()),
				configuration.initialStep(), 0, NOW, NOW, configuration.ttl().map(NOW::plus));
		if (existing != null) {
			return new Creation(existing, false);
		}
		if (this.collisions > 0) {
			this.collisions--;
			return new Creation(session, false);
		}
		this.sessions.put(wanted.id(), session);
		this.states.put(wanted.id(), new State(tensor(configuration, wanted.G().getFirst()),
				wanted.parameter().map((initial) -> tensor(configuration, initial.getFirst()))));
		this.keys.put(wanted.id(), new HashMap<>());
		return new Creation(session, true);
	}

	private static Tensor tensor(Configuration configuration, Initial initial) {
		return switch (initial) {
			case Initial.Constant(double value) -> {
				double[] values = new double[(int) configuration.size()];
				java.util.Arrays.fill(values, value);
				yield tensor(configuration.dtype(), values);
			}
			case Initial.Uniform uniform -> throw new UnsupportedOperationException("constants alone");
			case Initial.Given(Blocks<Tensor> blocks) -> whole(blocks);
		};
	}

	private static Tensor whole(Blocks<Tensor> blocks) {
		double[] values = new double[blocks.size()];
		int at = 0;
		DType dtype = DType.F64;
		for (Tensor block : blocks) {
			dtype = block.dtype();
			for (int i = 0; i < block.size(); i++) {
				values[at++] = block.valueAt(i);
			}
		}
		return tensor(dtype, values);
	}

	static Tensor tensor(DType dtype, double... values) {
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

	static double[] elementsOf(Tensor tensor) {
		double[] values = new double[tensor.size()];
		for (int i = 0; i < values.length; i++) {
			values[i] = tensor.valueAt(i);
		}
		return values;
	}

	@Override
	public Optional<Session> find(OptimizerId id) {
		return Optional.ofNullable(this.sessions.get(id));
	}

	private Session required(OptimizerId id) {
		return find(id).orElseThrow(() -> SessionRefusals.notFound(id));
	}

	State state(OptimizerId id) {
		return this.states.get(id);
	}

	@Override
	public List<Session> list(Tenant tenant, Optional<OptimizerId> after, int limit) {
		return after.map((id) -> this.sessions.tailMap(id, false))
			.orElse(this.sessions)
			.values()
			.stream()
			.limit(limit)
			.toList();
	}

	@Override
	public <A> A step(OptimizerId id, Optional<Sha256> key, Transition<A> transition) {
		Session session = required(id);
		Map<Sha256, Transition.AppliedStep> remembered = this.keys.get(id);
		return switch (transition.plan(session, key.map(remembered::get))) {
			case Transition.Plan.Answer<A>(A answer) -> answer;
			case Transition.Plan.Read<A> read -> read.answer().apply(this.states.get(id));
			case Transition.Plan.Write<A> write -> {
				if (!(write.selection() instanceof Selection.All)) {
					throw new UnsupportedOperationException("all or nothing");
				}
				Transition.Written<A> written = write.step().apply(this.states.get(id));
				this.states.put(id, written.state());
				move(session, session.version().next(), session.incarnationBegan());
				key.ifPresent((digest) -> remembered.put(digest,
						new Transition.AppliedStep(session.version().step() + 1, write.request().orElseThrow())));
				yield written.answer();
			}
		};
	}

	private Session move(Session session, Version version, long incarnationBegan) {
		Session moved = new Session(session.id(), session.owner(), session.configuration(), session.starts(),
				session.initialTensors(), version, incarnationBegan, 0, session.createdAt(), session.updatedAt(),
				session.expiresAt());
		this.sessions.put(session.id(), moved);
		return moved;
	}

	@Override
	public <A> A read(OptimizerId id, BiFunction<Session, StoredState, A> reading) {
		Session session = required(id);
		State state = this.states.get(id);
		return reading.apply(session, new StoredState() {
			@Override
			public Blocks<Tensor> whole(Vector vector, int tensor) {
				return Blocks.of(state.of(vector));
			}

			@Override
			public State elements(Selection selection) {
				Ranges ranges = ((Selection.Some) selection).G();
				long[] indices = IntStream.range(0, ranges.count())
					.boxed()
					.flatMapToLong((range) -> LongStream.range(ranges.begin(range),
							ranges.begin(range) + ranges.length(range)))
					.toArray();
				return new State(pick(state.G(), indices), state.parameter().map((all) -> pick(all, indices)));
			}

			@Override
			public Ranges kept(Vector vector, long from, long to, int most) {
				return Ranges.builder(1).add(from, (int) (to - from)).build();
			}
		});
	}

	private static Tensor pick(Tensor all, long[] indices) {
		double[] picked = new double[indices.length];
		for (int i = 0; i < indices.length; i++) {
			picked[i] = all.valueAt((int) indices[i]);
		}
		return tensor(all.dtype(), picked);
	}

	@Override
	public Session restore(OptimizerId id, Consumer<Session> check, Version version, Restoration restoration) {
		this.beforeRestore.run();
		Session session = required(id);
		check.accept(session);
		Restoration.Whole all = (Restoration.Whole) restoration;
		this.states.put(id,
				new State(whole(all.G().getFirst()), all.parameter().map((parameter) -> whole(parameter.getFirst()))));
		return move(session, version, version.step());
	}

	@Override
	public void delete(OptimizerId id, Optional<Consumer<Session>> check) {
		Session session = required(id);
		this.checkedDeletions.add(check.isPresent());
		check.ifPresent((checks) -> checks.accept(session));
		this.sessions.remove(id);
	}

	@Override
	public long count() {
		return this.sessions.size();
	}

}
