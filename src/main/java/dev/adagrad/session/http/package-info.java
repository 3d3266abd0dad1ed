/// The calls on sessions as HTTP clients make them: messages, headers and their meaning.
///
/// `SessionController` reads headers, `SessionService` decides what a call means, and `StepCall` is a step as a pure
/// function that a store calls.
@NullMarked
package dev.adagrad.session.http;

import org.jspecify.annotations.NullMarked;
