package dev.adagrad.torture;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Attacks a service that runs already, such as one in a container: prints what came of it, and ends with an exit code
/// of 1 if the service is not well after.
///
/// `java -Xmx256m src/test/java/dev/adagrad/torture/AttackCommand.java HOST:PORT KIND CLIENTS SECONDS`, where KIND is
/// one of [AttackKind] in lower case with hyphens. Leaves sessions behind.
final class AttackCommand {

	private AttackCommand() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		int colon = args[0].lastIndexOf(':');
		InetSocketAddress address = new InetSocketAddress(args[0].substring(0, colon),
				Integer.parseInt(args[0].substring(colon + 1)));
		AttackKind kind = AttackKind.valueOf(args[1].toUpperCase(Locale.ROOT).replace('-', '_'));
		Recovery.prepare(address);
		Attack attack = Attack.begin(address, kind, Integer.parseInt(args[2]));
		List<Probe> probes = Probe.beginAll(address);
		Thread.sleep(Duration.ofSeconds(Long.parseLong(args[3])));
		for (Probe probe : probes) {
			probe.end();
		}
		attack.end();
		System.out.println(args[1] + ": " + attack.tally());
		probes.forEach((probe) -> System.out.println("  " + probe));
		Duration recovery = Recovery.await(address);
		System.out.println("  well again after " + recovery.toMillis() + " ms");
		if (recovery.compareTo(Recovery.PROMPTLY) > 0) {
			throw new AssertionError("more than " + Recovery.PROMPTLY);
		}
		if (!attack.tally().unexpected().isEmpty()) {
			throw new AssertionError("must not be answered: " + attack.tally().unexpected());
		}
		attack.verify(address);
	}

}
