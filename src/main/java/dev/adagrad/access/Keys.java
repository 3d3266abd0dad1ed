package dev.adagrad.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import dev.adagrad.start.StartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/// The keys that are good now: those of the file, and those of the settings.
///
/// The file is looked at once a second at most, and only when a call comes. If it has changed, it is read again: a new
/// key is good at once, and one that was removed no longer is. If it cannot be read, or has a mistake, the keys from
/// before stay, and the log says so once.
///
/// How long a look-up takes does not tell how much of a wrong key is right: keys are looked up by their SHA-256, and
/// what was found is compared in constant time.
///
/// Safe for use by any number of threads.
final class Keys implements AuthenticationManager {

	private static final Logger logger = LoggerFactory.getLogger(Keys.class);

	private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Optional<KeyFile> file;

	private final List<KeyRecord> lasting;

	private final InstantSource clock;

	private final LongSupplier nanoTime;

	private final AtomicLong lookedAt;

	private volatile String stamp = "";

	private volatile Map<ByteBuffer, Known> byHash;

	/// @param file the file, if there is one
	/// @param records those of the settings
	/// @throws StartException if the file cannot be used, or a record is none
	Keys(Optional<String> file, List<String> records, InstantSource clock, LongSupplier nanoTime) {
		this.file = file.map(Path::of).map(KeyFile::new);
		this.lasting = parsed(records);
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.lookedAt = new AtomicLong(nanoTime.getAsLong());
		try {
			this.byHash = read();
		}
		catch (IOException ex) {
			throw new StartException("The keys cannot be read: " + ex.getMessage() + ".",
					"Correct the file that adagrad.access.keys names.", ex);
		}
	}

	private static List<KeyRecord> parsed(List<String> records) {
		List<KeyRecord> parsed = new ArrayList<>();
		for (int i = 0; i < records.size(); i++) {
			try {
				parsed.add(KeyRecord.parse(records.get(i)));
			}
			catch (IllegalArgumentException ex) {
				throw new StartException(
						"Record " + (i + 1) + " of adagrad.access.key-records " + ex.getMessage() + ".",
						"Correct it: keys create prints such a record.", ex);
			}
		}
		return parsed;
	}

	/// How many keys there are.
	int count() {
		return this.byHash.size();
	}

	/// Finds out who calls with a key.
	/// @throws BadCredentialsException if the key is not good
	@Override
	public Authentication authenticate(Authentication presented) {
		String key = (presented instanceof BearerTokenAuthenticationToken bearer) ? bearer.getToken() : "";
		return find(key).orElseThrow(() -> new BadCredentialsException(Key.isWellFormed(key)
				? "the key is unknown, was revoked, or has expired"
				: "this is no key of this service: a key begins with adagrad_ and has 57 characters; was it cut off?"));
	}

	/// Who calls with a key; empty if it is not good.
	Optional<CallerAuthentication> find(String key) {
		lookAgain();
		byte[] hash = Key.hash(key);
		return Optional.ofNullable(this.byHash.get(ByteBuffer.wrap(hash)))
			.filter((known) -> MessageDigest.isEqual(known.hash(), hash)
					&& !known.record().isExpired(this.clock.instant()))
			.map(Known::caller);
	}

	private void lookAgain() {
		long now = this.nanoTime.getAsLong();
		long last = this.lookedAt.get();
		if (this.file.isEmpty() || now - last < LOOK_AGAIN_NANOS || !this.lookedAt.compareAndSet(last, now)) {
			return;
		}
		String before = this.stamp;
		try {
			if (!this.file.get().stamp().equals(before)) {
				this.byHash = read();
				logger.info("the keys were read again: there are {}", count());
			}
		}
		catch (IOException ex) {
			this.stamp = stampOrNone();
			if (!this.stamp.equals(before)) {
				logger.error("the keys from before stay, since the file cannot be used: {}", ex.getMessage());
			}
		}
	}

	private String stampOrNone() {
		try {
			return this.file.orElseThrow().stamp();
		}
		catch (IOException ex) {
			return "none";
		}
	}

	private Map<ByteBuffer, Known> read() throws IOException {
		List<KeyRecord> records = new ArrayList<>(this.lasting);
		if (this.file.isPresent()) {
			// before the file, so that a change in between is seen the next time
			String current = this.file.get().stamp();
			records.addAll(this.file.get().read());
			this.stamp = current;
		}
		Map<ByteBuffer, Known> known = new HashMap<>();
		for (KeyRecord record : records) {
			byte[] hash = HexFormat.of().parseHex(record.hash());
			known.put(ByteBuffer.wrap(hash), new Known(hash, record, new CallerAuthentication(record.caller())));
		}
		return known;
	}

	/// @param hash the SHA-256 of the key
	@SuppressWarnings("ArrayRecordComponent")
	private record Known(byte[] hash, KeyRecord record, CallerAuthentication caller) {

	}

}
