package dev.adagrad.session.http;

import dev.adagrad.session.Version;

/// The outcome of a step of a session.
///
/// @param body the answer
/// @param version of the session, after it
/// @param replayed whether the step had been applied before, under the same key
record StepAnswer(SessionStepResponse body, Version version, boolean replayed) {

}
