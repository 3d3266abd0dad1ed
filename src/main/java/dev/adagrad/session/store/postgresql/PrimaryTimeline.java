package dev.adagrad.session.store.postgresql;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The newest timeline on which a primary was seen. When a server replaces a primary, it begins a timeline of a higher
/// number. So a server that believes it is the primary of a lower one was replaced, and its data is out of date.
///
/// Safe for use by any number of threads.
///
/// @see <a href="https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-TIMELINES">Timelines</a>
final class PrimaryTimeline {

	/// One column: the timeline; 0 if the server is a standby. Needs no privilege.
	private static final String QUERY = """
			SELECT CASE WHEN pg_is_in_recovery() THEN '0' ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END""";

	/// The same timeline always.
	private static final String NONE = "SELECT '1'";

	private static final Logger LOG = LoggerFactory.getLogger(PrimaryTimeline.class);

	private static final int HEXADECIMAL = 16;

	private static final String READ_ONLY = "25006";

	private final AtomicLong highest = new AtomicLong();

	/// A query for one column, which [#parse] reads.
	static String query(Engine engine) {
		return engine.hasTimelines() ? QUERY : NONE;
	}

	/// The timeline in the column of the query.
	static long parse(String column) {
		return Long.parseLong(column, HEXADECIMAL);
	}

	/// A primary was seen, here or on another server.
	void saw(long timeline) {
		long before = this.highest.getAndAccumulate(timeline, Math::max);
		if (before != 0 && timeline > before) {
			LOG.warn("the primary is on timeline {} now, after {}: another server has taken its place", timeline,
					before);
		}
	}

	/// @param timeline of the server that answers; 0 if it is a standby
	/// @throws SQLException unless it is the primary of the newest timeline
	void require(long timeline) throws SQLException {
		if (timeline == 0) {
			throw new SQLException("the server is a standby, which nothing can be written to", READ_ONLY);
		}
		saw(timeline);
		long newest = this.highest.get();
		if (timeline < newest) {
			throw new SQLException("the server was replaced: it is the primary of timeline " + timeline
					+ ", but another one is that of timeline " + newest, READ_ONLY);
		}
	}

}
