package dev.adagrad.session.store.sqlite;

import java.nio.file.Path;
import java.util.List;

import dev.adagrad.caller.Quotas;
import dev.adagrad.session.store.ManagedStore;
import dev.adagrad.session.store.SessionStoreContract;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.StoreProperties.Durability;
import dev.adagrad.session.store.Tuning;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// SQLite, in both durabilities.
class SqliteContractTest {

	@Nested
	class Fsync extends Contract {

		Fsync() {
			super(Durability.FSYNC);
		}

	}

	@Nested
	class Os extends Contract {

		Os() {
			super(Durability.OS);
		}

	}

	abstract static class Contract extends SessionStoreContract {

		@TempDir
		Path folder;

		private final Durability durability;

		Contract(Durability durability) {
			this.durability = durability;
		}

		@Override
		protected ManagedStore open(Tuning tuning, SessionsProperties sessions) {
			return new SqliteSessionStore(SqliteFiles.properties(this.folder, this.durability), sessions, tuning,
					Quotas.NONE);
		}

		@Override
		protected List<Long> sql(String sql) {
			return SqliteFiles.sql(this.folder, sql);
		}

	}

}
