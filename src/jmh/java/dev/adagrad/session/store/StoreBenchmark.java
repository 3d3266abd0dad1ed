package dev.adagrad.session.store;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.sun.management.OperatingSystemMXBean;
import dev.adagrad.caller.Quotas;
import dev.adagrad.caller.Tenant;
import dev.adagrad.session.Initial;
import dev.adagrad.session.NewSession;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Selection;
import dev.adagrad.session.SessionStore;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.State;
import dev.adagrad.session.Transition;
import dev.adagrad.session.store.Tuning;
import dev.adagrad.session.store.sqlite.SqliteSessionStore;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.Tensor;
import org.slf4j.LoggerFactory;

import org.springframework.util.unit.DataSize;

import static dev.adagrad.session.store.TuningBuilder.tuned;

/// The SQLite store alone: no HTTP, no arithmetic. Each step reads all of G and writes another.
///
/// `dense`: one client, durability `fsync`, beside writing the same bytes over an existing file and calling fsync, in the
/// same folder. A round is some of the one and then some of the other, long enough for the store to copy its log into
/// the database several times; the time of a step is that of its round divided by its steps, copying included. `one` is
/// the median of single calls, where the copying falls on few. `disk` is what the process has sent to the disk
/// for one of them, and `CPU` the time for one that its threads were at work, in Java and in the kernel, which says more
/// than the rest where the machine is busy with other work.
///
/// `commits`: many clients, each on a session of 1,000 elements, where a commit is made to take 2 ms: all waiting steps in
/// one transaction, beside a transaction for each.
///
/// No JMH: what is compared must take turns, since a disk shared with others is not the same from one minute to the next.
///
/// `mvn -Pbench test-compile exec:exec -Dbench.main=dev.adagrad.session.store.StoreBenchmark -Dbench="dense commits"`; it
/// uses a folder below `target`, which must be on the disk to be measured, and takes about a minute.
public final class StoreBenchmark {

	private static final int ROUNDS = 15;

	/// A second each.
	private static final int COMMIT_ROUNDS = 5;

	/// What one side of a round of `dense` writes: four times what the store copies at
	/// once.
	private static final long ROUND_BYTES = 128 << 20;

	private static final Duration COMMIT = Duration.ofMillis(2);

	private static final Duration WINDOW = Duration.ofSeconds(1);

	private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private static final OptimizerId ID = new OptimizerId(Tenant.DEFAULT, "dense");

	private final PrintStream out;

	private final Path folder;

	private StoreBenchmark(PrintStream out, Path folder) {
		this.out = out;
		this.folder = folder;
	}

	/// Measures and prints.
	/// @param args `dense`, `commits`, or both, which is also what none means
	public static void main(String[] args) throws Exception {
		((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
		List<String> parts = (args.length > 0) ? List.of(args) : List.of("dense", "commits");
		Path target = Files.createDirectories(Path.of("target"));
		Path folder = Files.createTempDirectory(target, "store-benchmark-");
		try {
			StoreBenchmark benchmark = new StoreBenchmark(System.out, folder);
			if (parts.contains("dense")) {
				benchmark.dense();
			}
			if (parts.contains("commits")) {
				benchmark.commits();
			}
		}
		finally {
			remove(folder);
		}
	}

	private void dense() throws Exception {
		this.out.printf("%nA dense step of F64, durability fsync, one client; medians of %d rounds%n", ROUNDS);
		this.out.printf("%9s  %9s %9s %9s %9s  %9s %9s %9s %9s  %7s %7s%n", "n", "write ms", "one ms", "CPU ms",
				"disk MB", "step ms", "one ms", "CPU ms", "disk MB", "ratio", "of one");
		for (int size : new int[] { 100_000, 1_000_000 }) {
			dense(size);
		}
	}

	private void dense(int size) throws Exception {
		Tensor[] states = { random(size, 1), random(size, 2) };
		ByteBuffer bytes = ByteBuffer.allocateDirect(size * Double.BYTES);
		int perRound = (int) (ROUND_BYTES / bytes.capacity());
		Timings writes = new Timings();
		Timings steps = new Timings();
		try (SqliteSessionStore store = open("dense-" + size, StoreProperties.Durability.FSYNC, TuningBuilder.standard());
				FileChannel file = FileChannel.open(this.folder.resolve("plain-" + size), StandardOpenOption.CREATE_NEW,
						StandardOpenOption.WRITE)) {
			store.create(session(ID, size));
			// the first round makes the file and the rows, and is not counted
			for (int round = 0; round <= ROUNDS; round++) {
				boolean counted = round > 0;
				writes.round(perRound, counted, (i) -> {
					bytes.clear().putDouble(0, i).position(0);
					while (bytes.hasRemaining()) {
						file.write(bytes, bytes.position());
					}
					file.force(false);
				});
				steps.round(perRound, counted, (i) -> store.step(ID, Optional.empty(), replacing(states[i % 2])));
			}
		}
		double ratio = median(
				Stream.iterate(0, (i) -> i + 1).limit(ROUNDS).map((i) -> steps.mean(i) / writes.mean(i)).toList());
		this.out.printf("%9d  %9.2f %9.2f %9.2f %9.2f  %9.2f %9.2f %9.2f %9.2f  %7.2f %7.2f%n", size, writes.mean(),
				writes.one(), writes.cpu(), writes.disk(), steps.mean(), steps.one(), steps.cpu(), steps.disk(), ratio,
				steps.one() / writes.one());
	}

	private void commits() throws Exception {
		this.out.printf("%nSteps of n = 1000 where a commit takes %d ms more; medians of %d rounds%n",
				COMMIT.toMillis(), COMMIT_ROUNDS);
		this.out.printf("%9s  %14s %14s %16s  %7s%n", "clients", "together /s", "one by one /s", "steps a commit",
				"ratio");
		for (int clients : new int[] { 8, 32 }) {
			commits(clients);
		}
	}

	private void commits(int clients) throws Exception {
		LongAdder tasks = new LongAdder();
		LongAdder transactions = new LongAdder();
		Tuning slow = tuned().commit((database) -> {
			pause();
			database.execute("COMMIT");
			return database;
		}).build();
		Tuning counting = tuned(slow).batchSizes((batch) -> {
			tasks.add(batch);
			transactions.increment();
		}).build();
		List<Double> together = new ArrayList<>();
		List<Double> single = new ArrayList<>();
		List<Double> ratios = new ArrayList<>();
		try (SqliteSessionStore batching = open("together-" + clients, StoreProperties.Durability.OS, counting);
				SqliteSessionStore alone = open("single-" + clients, StoreProperties.Durability.OS,
						tuned(slow).batchLimit(1).build());
				ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int client = 0; client < clients; client++) {
				batching.create(session(client(client), 1000));
				alone.create(session(client(client), 1000));
			}
			tasks.reset();
			transactions.reset();
			for (int round = 0; round <= COMMIT_ROUNDS; round++) {
				double fast = stepsPerSecond(batching, clients, threads);
				double slowly = stepsPerSecond(alone, clients, threads);
				if (round > 0) {
					together.add(fast);
					single.add(slowly);
					ratios.add(fast / slowly);
				}
			}
		}
		this.out.printf("%9d  %14.0f %14.0f %16.1f  %7.2f%n", clients, median(together), median(single),
				tasks.doubleValue() / transactions.doubleValue(), median(ratios));
	}

	private static void pause() {
		long end = System.nanoTime() + COMMIT.toNanos();
		for (long left = COMMIT.toNanos(); left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	private static double stepsPerSecond(SessionStore store, int clients, ExecutorService threads) throws Exception {
		long begun = System.nanoTime();
		long end = begun + WINDOW.toNanos();
		List<Future<Long>> done = new ArrayList<>();
		for (int client = 0; client < clients; client++) {
			OptimizerId id = client(client);
			Transition<Long> step = replacing(random(1000, client));
			done.add(threads.submit(() -> {
				long steps = 0;
				while (System.nanoTime() < end) {
					store.step(id, Optional.empty(), step);
					steps++;
				}
				return steps;
			}));
		}
		long steps = 0;
		for (Future<Long> each : done) {
			steps += each.get();
		}
		return steps * 1e9 / (System.nanoTime() - begun);
	}

	private SqliteSessionStore open(String name, StoreProperties.Durability durability, Tuning tuning) {
		StoreProperties properties = new StoreProperties(StoreProperties.Kind.SQLITE, this.folder.resolve(name),
				durability, DataSize.ofBytes(0), DataSize.ofMegabytes(64), StoreProperties.CheckAtStart.NONE,
				false);
		return new SqliteSessionStore(properties, new SessionsProperties(true, 100_000, Duration.ZERO), tuning,
				Quotas.NONE);
	}

	private static OptimizerId client(int number) {
		return new OptimizerId(Tenant.DEFAULT, "client-" + number);
	}

	/// No parameter is held, and G starts from 0.
	private static NewSession session(OptimizerId id, int size) {
		return new NewSession(id, "", Fixtures.configuration(size, DType.F64, false), "life", List.of(new Initial.Constant(0)), Optional.empty(),
				Sha256.ofBytes(new byte[Sha256.BYTES]));
	}

	private static Tensor random(int size, long seed) {
		return DoubleTensor.vector(new SplittableRandom(seed).doubles(size, 0, 1).toArray());
	}

	private static Transition<Long> replacing(Tensor G) {
		State after = new State(G, Optional.empty());
		return (session, remembered) -> new Transition.Plan.Write<>(new Selection.All(), Optional.empty(),
				(before) -> new Transition.Written<>(after, session.version().step() + 1));
	}

	private static double median(List<Double> values) {
		double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		int middle = sorted.length / 2;
		return (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	}

	/// What this process has sent to the disk so far; 0 where the system does not say.
	private static long diskBytes() throws IOException {
		Path io = Path.of("/proc/self/io");
		if (!Files.exists(io)) {
			return 0;
		}
		return Files.readAllLines(io)
			.stream()
			.filter((line) -> line.startsWith("write_bytes:"))
			.mapToLong((line) -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
			.sum();
	}

	private static void remove(Path folder) throws IOException {
		try (Stream<Path> paths = Files.walk(folder)) {
			for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
	}

	@FunctionalInterface
	private interface Call {

		void run(int number) throws Exception;

	}

	/// Of one side; times in milliseconds.
	private static final class Timings {

		private final List<Double> means = new ArrayList<>();

		private final List<Double> calls = new ArrayList<>();

		private final List<Double> cpu = new ArrayList<>();

		private final List<Double> megabytes = new ArrayList<>();

		void round(int count, boolean counted, Call call) throws Exception {
			double[] millis = new double[count];
			long bytes = diskBytes();
			long cpuNanos = PROCESS.getProcessCpuTime();
			long begun = System.nanoTime();
			long last = begun;
			for (int i = 0; i < count; i++) {
				call.run(i);
				long now = System.nanoTime();
				millis[i] = (now - last) / 1e6;
				last = now;
			}
			if (counted) {
				this.means.add((last - begun) / 1e6 / count);
				Arrays.stream(millis).forEach(this.calls::add);
				this.cpu.add((PROCESS.getProcessCpuTime() - cpuNanos) / 1e6 / count);
				this.megabytes.add((diskBytes() - bytes) / 1e6 / count);
			}
		}

		double mean(int round) {
			return this.means.get(round);
		}

		double mean() {
			return median(this.means);
		}

		double one() {
			return median(this.calls);
		}

		double cpu() {
			return median(this.cpu);
		}

		double disk() {
			return median(this.megabytes);
		}

	}

}
