package dev.adagrad.session.store;

import java.time.Duration;
import java.util.function.IntConsumer;

/// Makes a tuning that differs from another one.
public final class TuningBuilder {

	private int chunkBytes;

	private int batchLimit;

	private long batchBytes;

	private Work<?> commit;

	private IntConsumer batchSizes;

	private Duration sweepInterval;

	private long hotBytes;

	private TuningBuilder(Tuning other) {
		this.chunkBytes = other.chunkBytes();
		this.batchLimit = other.batchLimit();
		this.batchBytes = other.batchBytes();
		this.commit = other.commit();
		this.batchSizes = other.batchSizes();
		this.sweepInterval = other.sweepInterval();
		this.hotBytes = other.hotBytes();
	}

	/// That of SQLite.
	public static Tuning standard() {
		return Tuning.sqlite((size) -> {
		});
	}

	public static TuningBuilder tuned() {
		return tuned(standard());
	}

	public static TuningBuilder tuned(Tuning other) {
		return new TuningBuilder(other);
	}

	public TuningBuilder chunkBytes(int value) {
		this.chunkBytes = value;
		return this;
	}

	public TuningBuilder batchLimit(int value) {
		this.batchLimit = value;
		return this;
	}

	public TuningBuilder batchBytes(long value) {
		this.batchBytes = value;
		return this;
	}

	public TuningBuilder commit(Work<?> value) {
		this.commit = value;
		return this;
	}

	public TuningBuilder batchSizes(IntConsumer value) {
		this.batchSizes = value;
		return this;
	}

	public TuningBuilder sweepInterval(Duration value) {
		this.sweepInterval = value;
		return this;
	}

	public TuningBuilder hotBytes(long value) {
		this.hotBytes = value;
		return this;
	}

	public Tuning build() {
		return new Tuning(this.chunkBytes, this.batchLimit, this.batchBytes, this.commit, this.batchSizes,
				this.sweepInterval, this.hotBytes);
	}

}
