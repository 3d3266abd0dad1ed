/// Sessions: the server keeps G, and if wanted the parameter, under an optimizer id. Each step is taken exactly once,
/// however often a call is retried.
///
/// This package has the port, [SessionStore], and the values that pass through it. Nothing here knows of HTTP or SQL.
/// Calls come from `session.http`, stores are in `session.store`.
@NullMarked
package dev.adagrad.session;

import org.jspecify.annotations.NullMarked;
