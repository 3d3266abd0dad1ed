package dev.adagrad.access;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/// The setting `adagrad.access`, as it was given; [AccessMode#of] tells what follows from it and from the others.
///
/// @param access whom the service serves. Default: `keys` if there are keys, `jwt` if there is an issuer of tokens, else
/// `local`
@ConfigurationProperties("adagrad")
record AccessSetting(@Nullable AccessMode access) {

}
