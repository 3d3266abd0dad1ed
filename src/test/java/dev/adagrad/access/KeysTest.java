package dev.adagrad.access;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Scope;
import dev.adagrad.caller.Tenant;
import dev.adagrad.start.StartException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/// Keys, their file and the command that makes them. The keys of fixed bits come from Python's zlib and hashlib.
class KeysTest {

	private static final Instant NOW = Instant.parse("2026-11-28T00:00:00Z");

	@TempDir
	private Path folder;

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	private final ByteArrayOutputStream err = new ByteArrayOutputStream();

	private final AtomicLong nanos = new AtomicLong();

	private Path file() {
		return this.folder.resolve("keys");
	}

	private int run(String... arguments) {
		this.out.reset();
		this.err.reset();
		return new KeysCommand(Map.of("ADAGRAD_ACCESS_KEYS", file().toString()), InstantSource.fixed(NOW),
				new PrintStream(this.out, true, StandardCharsets.UTF_8),
				new PrintStream(this.err, true, StandardCharsets.UTF_8))
			.run(List.of(arguments));
	}

	private String created(String... more) {
		String[] arguments = new String[more.length + 5];
		System.arraycopy(new String[] { "create", "--name", "ci", "--scope", "read,step" }, 0, arguments, 0, 5);
		System.arraycopy(more, 0, arguments, 5, more.length);
		assertThat(run(arguments)).as(this.err.toString(StandardCharsets.UTF_8)).isZero();
		String key = this.out.toString(StandardCharsets.UTF_8).strip();
		assertThat(this.err.toString(StandardCharsets.UTF_8)).doesNotContain(key);
		return key;
	}

	private Keys keys(String... records) {
		return new Keys(Files.exists(file()) ? Optional.of(file().toString()) : Optional.empty(), List.of(records),
				InstantSource.fixed(NOW), this.nanos::get);
	}

	private void aSecondPasses() {
		this.nanos.addAndGet(Duration.ofMillis(1001).toNanos());
	}

	@ParameterizedTest
	@CsvSource({
			"adagrad_00000000000000000000000000000000000000000000aEHaR, c4e444cbe27b2847d03e4f34b2f09d9e12d16823d4bdc70a1ed62d78fe63260b",
			"adagrad_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf0vm8c3, 860d7c39d9a205340653ca838b164a148b32f0a09871fa3b838cd9607f23e2df",
			"adagrad_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp13IpkHP, 2dd80fe077db314629f2714d654b4a07577433366759426106bf7f79128ef8dc" })
	void aKeyHasItsFormAndItsHash(String key, String hash) {
		assertThat(Key.isWellFormed(key)).isTrue();
		assertThat(HexFormat.of().formatHex(Key.hash(key))).isEqualTo(hash);
		assertThat(Key.isWellFormed(key.substring(0, key.length() - 1))).isFalse();
		assertThat(Key.isWellFormed(key + "0")).isFalse();
		assertThat(Key.isWellFormed(key.substring(0, 20) + (key.charAt(20) == 'x' ? 'y' : 'x') + key.substring(21)))
			.isFalse();
		assertThat(Key.isWellFormed(key.replace("adagrad", "Adagrad"))).isFalse();
		assertThat(Key.isWellFormed("x")).isFalse();
	}

	@Test
	void newKeysAreWellFormedAndDiffer() {
		SecureRandom random = new SecureRandom();
		assertThat(Key.create(random)).matches(Key::isWellFormed).isNotEqualTo(Key.create(random));
	}

	@Test
	void aKeyIsKnownUntilItIsRevoked() throws IOException {
		String first = created();
		assertThat(Files.readString(file())).doesNotContain(first)
			.endsWith("name=ci tenant=default scopes=read+step\n");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-------");
		Keys keys = keys();
		assertThat(keys.find(first).map(CallerAuthentication::caller))
			.contains(new Caller("ci", Tenant.DEFAULT, Set.of(Scope.READ, Scope.STEP)));
		String second = created("--tenant=b");
		assertThat(keys.find(second)).as("within the same second").isEmpty();
		aSecondPasses();
		assertThat(keys.find(second).map((known) -> known.caller().tenant())).contains(new Tenant("b"));
		assertThat(run("revoke", "--name", "ci")).isZero();
		assertThat(this.err.toString(StandardCharsets.UTF_8)).contains("2 keys revoked");
		aSecondPasses();
		assertThat(keys.find(first)).isEmpty();
		assertThat(keys.find(second)).isEmpty();
	}

	@Test
	void aMistakeInTheFileKeepsTheKeysFromBefore() throws IOException {
		String key = created();
		Keys keys = keys();
		Logger logger = (Logger) LoggerFactory.getLogger(Keys.class);
		ListAppender<ILoggingEvent> lines = new ListAppender<>();
		lines.start();
		logger.addAppender(lines);
		for (String mistake : new String[] { "nonsense\n", "" }) {
			if (mistake.isEmpty()) {
				Files.delete(file());
			}
			else {
				Files.writeString(file(), mistake);
			}
			for (int i = 0; i < 3; i++) {
				aSecondPasses();
				assertThat(keys.find(key)).isPresent();
			}
		}
		logger.detachAppender(lines);
		assertThat(lines.list).as("each mistake is told once")
			.extracting(ILoggingEvent::getLevel)
			.containsExactly(Level.ERROR, Level.ERROR);
		String other = created();
		aSecondPasses();
		assertThat(keys.find(other)).isPresent();
		assertThat(keys.find(key)).isEmpty();
	}

	@Test
	void whatPeopleHaveDoneToTheFileStays() throws IOException {
		String first = created();
		Files.writeString(file(), "\n  # for the nightly run\n" + Files.readString(file()) + "  \n");
		Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
		String second = created("--name", "other");
		assertThat(keys().find(first)).isPresent();
		assertThat(keys().find(second)).isPresent();
		assertThat(run("revoke", "--name", "other")).isZero();
		assertThat(keys().find(second)).isEmpty();
		assertThat(keys().find(first)).isPresent();
		assertThat(file()).content().contains("# for the nightly run");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-r-----");
	}

	@Test
	void namesHave64CharactersAtMost() {
		String record = "0".repeat(64) + " name=%s scopes=read tenant=%s";
		String longest = "a".repeat(64);
		assertThat(KeyRecord.parse(record.formatted(longest, longest)).caller())
			.isEqualTo(new Caller(longest, new Tenant(longest), Set.of(Scope.READ)));
		assertThatIllegalArgumentException().isThrownBy(() -> KeyRecord.parse(record.formatted("a", longest + "a")));
		assertThatIllegalArgumentException().isThrownBy(() -> KeyRecord.parse(record.formatted(longest + "a", "a")));
	}

	@Test
	void aFileThatOthersMayWriteIsRefused() throws IOException {
		created();
		Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-r--"));
		assertThatExceptionOfType(StartException.class).isThrownBy(this::keys)
			.withMessageContaining("others than the owner may write");
		Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
		assertThat(keys().count()).isEqualTo(1);
		Path gone = this.folder.resolve("gone");
		assertThatExceptionOfType(StartException.class)
			.isThrownBy(
					() -> new Keys(Optional.of(gone.toString()), List.of(), InstantSource.system(), System::nanoTime))
			.withMessageContaining("there is no file " + gone);
	}

	@Test
	void aKeyExpires() {
		String soon = created("--expires", "1h");
		assertThat(keys().find(soon)).isPresent();
		Keys later = new Keys(Optional.of(file().toString()), List.of(),
				InstantSource.fixed(NOW.plus(Duration.ofHours(1))), this.nanos::get);
		assertThat(later.find(soon)).isEmpty();
		assertThat(run("create", "--name", "x", "--scope", "read", "--expires", "2026-11-27T00:00:00Z")).isEqualTo(2);
	}

	@Test
	void recordsMayStandInTheSettings() {
		String key = Key.create(new SecureRandom());
		KeyRecord record = KeyRecord.of(key, new Caller("ci", new Tenant("b"), Set.of(Scope.ADMIN)), Optional.of(NOW));
		assertThat(KeyRecord.parse(record.toString())).isEqualTo(record);
		assertThat(keys(record.toString().replace(" expires=" + NOW, "")).find(key)).isPresent();
		assertThat(keys(record.toString()).find(key)).as("has expired").isEmpty();
		assertThatExceptionOfType(StartException.class).isThrownBy(() -> keys("x"))
			.withMessageContaining("Record 1 of");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "name=a scopes=read", "%s", "%s name=a", "%s scopes=read", "%s name=a scopes=",
			"%s name=a scopes=read,step", "%s name=a scopes=write", "%s name=a scopes=read tenant=/",
			"%s name=.a scopes=read", "%s name=a scopes=read expires=tomorrow", "%s name=a scopes=read more=x" })
	void whatIsNoRecord(String line) {
		assertThatIllegalArgumentException().isThrownBy(() -> KeyRecord.parse(line.formatted("0".repeat(64))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "make", "create", "create --name a", "create --name a --scope write",
			"create --name a --scope read --color red", "create --name", "create --name . --scope read",
			"create --name a --scope read --tenant /", "create --name a --scope read --expires soon", "revoke" })
	void wrongArgumentsAreToldWithTheRightOnes(String arguments) {
		assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" ", -1))).isEqualTo(2);
		assertThat(this.err.toString(StandardCharsets.UTF_8)).startsWith("keys: ").contains("keys create --name NAME");
		assertThat(this.out.size()).isZero();
		assertThat(file()).doesNotExist();
	}

}
