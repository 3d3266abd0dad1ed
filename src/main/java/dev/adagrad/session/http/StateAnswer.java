package dev.adagrad.session.http;

import java.util.Optional;

import dev.adagrad.session.Version;

/// The outcome of a call for the state.
///
/// @param version of the session
/// @param body the state; empty if the client has this version
record StateAnswer(Version version, Optional<StateResponse> body) {

}
