package dev.adagrad.torture;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.adagrad.LongTest;
import dev.adagrad.ServiceProcess;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/// The service in a small heap under attack: it refuses what it has no room for, and is well as soon as the attack is
/// over.
///
/// Each attack takes as many seconds as the system property `torture-seconds` says, those that only hold what
/// they have got a minute at most. Needs 5,000 file descriptors for the test and as many for the service.
@LongTest
@EnabledOnOs(OS.LINUX)
class OverloadTortureTest {

	private static final int SECONDS = Integer.getInteger("torture-seconds", 180);

	private static final int MOST_SECONDS_HELD = 60;

	@TempDir
	private Path folder;

	static Stream<Arguments> attacks() {
		return Stream.of(AttackKind.values())
			.flatMap((kind) -> kind.isFast() ? Stream.of(arguments(kind, "-Xmx160m"), arguments(kind, "-Xmx256m"))
					: Stream.of(arguments(kind, "-Xmx256m")));
	}

	@ParameterizedTest
	@MethodSource("attacks")
	void refusesWhatItHasNoRoomForAndIsWellAfter(AttackKind kind, String heap)
			throws IOException, InterruptedException {
		try (ServiceProcess service = ServiceProcess.start(List.of(heap, "-XX:TieredStopAtLevel=4"),
				"--adagrad.store.path=" + this.folder.resolve("store"),
				"--adagrad.spool.path=" + this.folder.resolve("spool"))) {
			InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), service.port());
			Recovery.prepare(address);
			Attack attack = Attack.begin(address, kind, kind.clients());
			List<Probe> probes = Probe.beginAll(address);
			Thread.sleep(Duration.ofSeconds(kind.isFast() ? SECONDS : Math.min(SECONDS, MOST_SECONDS_HELD)));
			for (Probe probe : probes) {
				probe.end();
			}
			attack.end();
			print(kind + " at " + heap + ": " + attack.tally());
			probes.forEach((probe) -> print("  " + probe));
			print("  " + service.memory());
			List<String> complaints = service.printed()
				.stream()
				.filter((line) -> line.matches(".*(WARN|ERROR|Exception|OutOfMemory).*"))
				.toList();
			complaints.stream().limit(5).forEach((line) -> print("  log: " + line));
			Duration recovery = Recovery.await(address);
			print("  well again after " + recovery.toMillis() + " ms");
			assertThat(recovery).isLessThanOrEqualTo(Recovery.PROMPTLY);
			assertThat(complaints).as("in the log").isEmpty();
			assertThat(attack.tally().unexpected()).as("%s", attack.tally()).isEmpty();
			if (kind.isFast() && kind != AttackKind.JSON_ZEROS) {
				// zeros may be too large for the heap each by itself
				assertThat(attack.tally().successes()).as("%s", attack.tally()).isPositive();
			}
			if (!kind.isFast()) {
				assertThat(probes).as("who holds what they have got takes nothing away from others")
					.allMatch((probe) -> probe.tally().isNearlyOnly("200"));
			}
			attack.verify(address);
		}
	}

	private static void print(String line) {
		System.out.println(line);
	}

}
