package dev.adagrad.session.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.adagrad.session.NewSession;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Session;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.StoreWait;
import dev.adagrad.session.StoredState;
import dev.adagrad.session.Transition;
import dev.adagrad.session.Version;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Tensor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/// Times every call of a store, refused ones too: `adagrad.store.latency` by `operation`. And tells, before each, that its
/// thread is about to wait.
final class MeasuredSessionStore implements ManagedStore {

	private final ManagedStore store;

	private final StoreWait wait;

	private final MeterRegistry meters;

	private final Timer create;

	private final Timer find;

	private final Timer list;

	private final Timer step;

	private final Timer read;

	private final Timer restore;

	private final Timer delete;

	private final Timer count;

	MeasuredSessionStore(ManagedStore store, StoreWait wait, MeterRegistry meters) {
		this.store = store;
		this.wait = wait;
		this.meters = meters;
		this.create = timer("create");
		this.find = timer("find");
		this.list = timer("list");
		this.step = timer("step");
		this.read = timer("read");
		this.restore = timer("restore");
		this.delete = timer("delete");
		this.count = timer("count");
	}

	private Timer timer(String operation) {
		return Timer.builder("adagrad.store.latency")
			.description("how long calls to the store of sessions take")
			.tag("operation", operation)
			.register(this.meters);
	}

	private <A> A time(Timer timer, Supplier<A> call) {
		this.wait.begins();
		long begun = System.nanoTime();
		try {
			return call.get();
		}
		finally {
			timer.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
		}
	}

	@Override
	public Creation create(NewSession session) {
		return time(this.create, () -> this.store.create(session));
	}

	@Override
	public Optional<Session> find(OptimizerId id) {
		return time(this.find, () -> this.store.find(id));
	}

	@Override
	public List<Session> list(Optional<OptimizerId> after, int limit) {
		return time(this.list, () -> this.store.list(after, limit));
	}

	@Override
	public <A> A step(OptimizerId id, Optional<Sha256> key, Transition<A> transition) {
		return time(this.step, () -> this.store.step(id, key, transition));
	}

	@Override
	public <A> A read(OptimizerId id, BiFunction<Session, StoredState, A> reading) {
		return time(this.read, () -> this.store.read(id, reading));
	}

	@Override
	public Session restore(OptimizerId id, Consumer<Session> check, Version version, Blocks<Tensor> G,
			Optional<Blocks<Tensor>> parameter) {
		return time(this.restore, () -> this.store.restore(id, check, version, G, parameter));
	}

	@Override
	public void delete(OptimizerId id, Optional<Consumer<Session>> check) {
		time(this.delete, () -> {
			this.store.delete(id, check);
			return true;
		});
	}

	@Override
	public long count() {
		return time(this.count, this.store::count);
	}

	@Override
	public List<Expired> expired(int limit) {
		this.wait.begins();
		return this.store.expired(limit);
	}

	@Override
	public Optional<Session> revive(OptimizerId id) {
		this.wait.begins();
		return this.store.revive(id);
	}

	@Override
	public Optional<String> trouble() {
		return this.store.trouble();
	}

	@Override
	public void close() {
		this.store.close();
	}

}
