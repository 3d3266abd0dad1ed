/// Sessions in SQLite, embedded: one folder, one process, one thread that writes for all ([Committer]).
///
/// `SqliteFolder` opens the file and guards it; `Readers` read beside the writer; `WriteAheadLog` keeps the log short.
@NullMarked
package dev.adagrad.session.store.sqlite;

import org.jspecify.annotations.NullMarked;
