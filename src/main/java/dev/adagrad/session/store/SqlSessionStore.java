package dev.adagrad.session.store;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import dev.adagrad.caller.Tenant;
import dev.adagrad.session.NewSession;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Restoration;
import dev.adagrad.session.Session;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.StoredState;
import dev.adagrad.session.Transition;
import dev.adagrad.session.Version;

/// What a store of sessions does on any database: each call is one piece of work. Each database decides how such a
/// piece is run, and what its failures mean.
public abstract class SqlSessionStore implements ManagedStore {

	protected final Operations operations;

	protected final Expiry expiry;

	protected SqlSessionStore(Operations operations, Expiry expiry) {
		this.operations = operations;
		this.expiry = expiry;
	}

	/// Runs work that writes.
	protected abstract <A> A write(OptimizerId id, Work<A> work);

	/// Runs work that writes and makes room.
	protected <A> A makeRoom(OptimizerId id, Work<A> work) {
		return write(id, work);
	}

	/// Runs work that reads a few rows.
	protected abstract <A> A look(Work<A> work);

	/// Runs work that may read much, all of it from one state of the database.
	protected <A> A read(Work<A> work) {
		return look(work);
	}

	@Override
	public final Creation create(NewSession session) {
		return write(session.id(), (database) -> this.operations.create(database, session));
	}

	@Override
	public final Optional<Session> find(OptimizerId id) {
		return look((database) -> this.operations.find(database, id));
	}

	@Override
	public final List<Session> list(Tenant tenant, Optional<OptimizerId> after, int limit) {
		return look((database) -> this.operations.list(database, tenant, after, limit));
	}

	@Override
	public final <A> A step(OptimizerId id, Optional<Sha256> key, Transition<A> transition) {
		return write(id, (database) -> this.operations.step(database, id, key, transition));
	}

	@Override
	public final <A> A read(OptimizerId id, BiFunction<Session, StoredState, A> reading) {
		return read((database) -> this.operations.read(database, id, reading));
	}

	@Override
	public final Session restore(OptimizerId id, Consumer<Session> check, Version version, Restoration restoration) {
		return write(id, (database) -> this.operations.restore(database, id, check, version, restoration));
	}

	@Override
	public final void delete(OptimizerId id, Optional<Consumer<Session>> check) {
		makeRoom(id, (database) -> {
			this.operations.delete(database, id, check);
			return true;
		});
	}

	@Override
	public final long count() {
		return look(this.operations::count);
	}

	@Override
	public final List<Expired> expired(int limit) {
		return look((database) -> this.expiry.list(database, limit));
	}

	@Override
	public final Optional<Session> revive(OptimizerId id) {
		return write(id, (database) -> this.operations.revive(database, id));
	}

}
