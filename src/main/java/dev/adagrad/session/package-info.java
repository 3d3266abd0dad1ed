/// Sessions: G, and if wanted the parameter, kept by the server under an optimizer id and stepped exactly once however
/// often a call is retried.
///
/// `SessionService` decides what a call means; it stands on the port [dev.adagrad.session.SessionStore], which knows
/// nothing of HTTP, and behind which nothing here knows of SQL.
@NullMarked
package dev.adagrad.session;

import org.jspecify.annotations.NullMarked;
