/// Why a request is refused, in terms that every package may use: one exception, and a code for each reason. Only
/// `problem` knows how a refusal looks to a client.
///
/// Pure Java.
@NullMarked
package dev.adagrad.refusal;

import org.jspecify.annotations.NullMarked;
