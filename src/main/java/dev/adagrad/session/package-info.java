/// Sessions: G, and if wanted the parameter, kept by the server under an optimizer id and stepped exactly once however
/// often a call is retried.
///
/// Here are the port, [SessionStore], and the values that pass through it; nothing here knows of HTTP or SQL. Calls come
/// from `session.http`, stores are in `session.store`.
@NullMarked
package dev.adagrad.session;

import org.jspecify.annotations.NullMarked;
