package dev.adagrad.session.http;

import java.util.Optional;

import dev.adagrad.session.Version;

/// What a call for the state comes to.
///
/// @param version of the session
/// @param body the state; empty if the client has this version
record StateAnswer(Version version, Optional<StateResponse> body) {

}
