package dev.adagrad.access;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Tenant;

import org.springframework.boot.convert.DurationStyle;

/// The command `keys`, with which an operator makes, lists and revokes keys: `java -jar adagrad-service.jar keys create
/// --name ci --scope read,step`.
///
/// The key goes to the standard output, and all explanations to the standard error, so that a script can take the key.
///
/// @param environment the variables of the environment
/// @param out where the key goes
/// @param err where explanations go
public record KeysCommand(Map<String, String> environment, InstantSource clock, PrintStream out, PrintStream err) {

	/// The first argument of the program that asks for this command.
	public static final String NAME = "keys";

	private static final String USAGE = """
			keys create --name NAME --scope SCOPES [--tenant TENANT] [--expires TIME] [--file FILE]
			    makes a key, shows it once, and adds its record to FILE (or shows the record)
			    SCOPES: of read, step, admin, metrics, separated by commas
			    TIME: 90d (from now), or 2027-01-31T00:00:00Z
			keys list [--file FILE]
			keys revoke --name NAME [--file FILE]
			    removes the records of all keys of this name
			FILE may stand in the variable ADAGRAD_ACCESS_KEYS instead.""";

	private static final Set<String> OPTIONS = Set.of("name", "scope", "tenant", "expires", "file");

	/// Runs the command for the program.
	/// @param arguments all of the program's, the first of them `keys`
	/// @return the status for the shell: 0 for success, 1 for a failure, 2 for wrong
	/// arguments
	public static int run(String... arguments) {
		return new KeysCommand(System.getenv(), InstantSource.system(), System.out, System.err)
			.run(List.of(arguments).subList(1, arguments.length));
	}

	int run(List<String> arguments) {
		try {
			Map<String, String> options = options(arguments);
			switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
				case "create" -> create(options);
				case "list" -> file(options, true).orElseThrow().read().forEach(this.out::println);
				case "revoke" -> revoke(options);
				default -> throw new IllegalArgumentException("say create, list or revoke");
			}
			return 0;
		}
		catch (IllegalArgumentException ex) {
			this.err.println("keys: " + ex.getMessage() + "\n\n" + USAGE);
			return 2;
		}
		catch (IOException ex) {
			this.err.println("keys: " + ex.getMessage());
			return 1;
		}
	}

	private static Map<String, String> options(List<String> arguments) {
		Map<String, String> options = new HashMap<>();
		for (int i = 1; i < arguments.size(); i++) {
			String argument = arguments.get(i);
			int equals = argument.indexOf('=');
			String name = (equals < 0) ? argument : argument.substring(0, equals);
			if (!name.startsWith("--") || !OPTIONS.contains(name.substring(2))) {
				throw new IllegalArgumentException("there is no option " + name);
			}
			if (equals < 0 && i + 1 == arguments.size()) {
				throw new IllegalArgumentException(name + " needs a value");
			}
			options.put(name.substring(2), (equals < 0) ? arguments.get(++i) : argument.substring(equals + 1));
		}
		return options;
	}

	private void create(Map<String, String> options) throws IOException {
		Caller caller = new Caller(KeyRecord.name(required(options, "name")),
				KeyRecord.tenant(options.getOrDefault("tenant", Tenant.DEFAULT.name())),
				KeyRecord.scopes(required(options, "scope"), ","));
		Optional<Instant> expires = Optional.ofNullable(options.get("expires")).map(this::instant);
		String key = Key.create(new SecureRandom());
		KeyRecord record = KeyRecord.of(key, caller, expires);
		Optional<KeyFile> file = file(options, false);
		if (file.isPresent()) {
			file.get().add(record);
			this.err.println("The record of the key was added to " + file.get().path()
					+ ". A service that runs with adagrad.access.keys=" + file.get().path()
					+ " knows it within a second.");
		}
		else {
			this.err.println("The record of the key, for a line of the file that adagrad.access.keys names, or for"
					+ " ADAGRAD_ACCESS_KEY_RECORDS:\n\n" + record + "\n");
		}
		this.err.println("The key itself, which is kept nowhere and shown only now:\n");
		this.err.flush();
		this.out.println(key);
	}

	private Instant instant(String text) {
		Instant expires = text.matches("[0-9]+[smhd]") ? this.clock.instant().plus(DurationStyle.SIMPLE.parse(text))
				: KeyRecord.instant(text);
		if (!expires.isAfter(this.clock.instant())) {
			throw new IllegalArgumentException("--expires is in the past");
		}
		return expires;
	}

	private void revoke(Map<String, String> options) throws IOException {
		String name = required(options, "name");
		int removed = file(options, true).orElseThrow().remove(name);
		if (removed == 0) {
			throw new IOException("there is no key " + name);
		}
		this.err.println(removed + ((removed == 1) ? " key" : " keys") + " revoked");
	}

	private Optional<KeyFile> file(Map<String, String> options, boolean needed) {
		Optional<KeyFile> file = Optional.ofNullable(options.get("file"))
			.or(() -> Optional.ofNullable(this.environment.get("ADAGRAD_ACCESS_KEYS")))
			.filter((name) -> !name.isBlank())
			.map((name) -> new KeyFile(Path.of(name)));
		if (needed && file.isEmpty()) {
			throw new IllegalArgumentException("--file is missing");
		}
		return file;
	}

	private static String required(Map<String, String> options, String name) {
		return Optional.ofNullable(options.get(name))
			.orElseThrow(() -> new IllegalArgumentException("--" + name + " is missing"));
	}

}
