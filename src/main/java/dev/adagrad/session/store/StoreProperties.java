package dev.adagrad.session.store;

import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Where sessions are kept.
///
/// @param kind the database
/// @param path SQLite: the folder, created if it is missing
/// @param durability SQLite: what an answered step survives. PostgreSQL has its own setting (`synchronous_commit`)
/// @param maxSize SQLite: maximum size of the database, without its write-ahead log. Beyond it calls that need room are
/// refused with 507. 0 means no limit
/// @param minFree SQLite: room to leave free on the disk, at most an eighth of it. Calls that would take it are refused
/// with 507; deletions go on. 0 means none
/// @param checkAtStart SQLite: how to check the file before it is used
/// @param distribute PostgreSQL with Citus: spread the tables over its workers at the start
@ConfigurationProperties("adagrad.store")
public record StoreProperties(@DefaultValue("sqlite") Kind kind, @DefaultValue("./data") Path path,
		@DefaultValue("fsync") Durability durability, @DefaultValue("0B") DataSize maxSize,
		@DefaultValue("64MB") DataSize minFree, @DefaultValue("none") CheckAtStart checkAtStart,
		@DefaultValue("false") boolean distribute) {

	/// The room that SQLite needs for its tables alone, and a little more.
	private static final DataSize SMALLEST = DataSize.ofMegabytes(1);

	/// @throws IllegalArgumentException if a value is out of its range
	public StoreProperties {
		if (path.toString().isBlank()) {
			throw new IllegalArgumentException("adagrad.store.path must name a folder, was empty");
		}
		if (minFree.isNegative()) {
			throw new IllegalArgumentException("adagrad.store.min-free must not be negative, was " + minFree);
		}
		if (maxSize.toBytes() != 0 && maxSize.compareTo(SMALLEST) < 0) {
			throw new IllegalArgumentException(
					"adagrad.store.max-size must be 0B, for no limit, or at least 1MB, was " + maxSize);
		}
	}

	/// How to check the file.
	public enum CheckAtStart {

		/// Not at all: data is checked when it is read.
		NONE,
		/// Every page, but not whether indexes agree with their tables.
		QUICK,
		/// Every page, and whether indexes agree with their tables.
		FULL

	}

	/// The database.
	public enum Kind {

		/// Embedded in the service: one folder, one process.
		SQLITE,
		/// A server shared by any number of replicas, found by `spring.datasource.*`.
		POSTGRESQL

	}

	/// What an answered step survives.
	public enum Durability {

		/// The loss of power.
		FSYNC,
		/// The death of the process, but not that of the operating system.
		OS

	}

}
