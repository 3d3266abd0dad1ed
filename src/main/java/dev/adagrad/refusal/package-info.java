/// Why a request is refused, in terms that every package may use: one exception, and a code for each kind. How a refusal
/// looks to a client only `problem` knows.
///
/// Pure Java.
@NullMarked
package dev.adagrad.refusal;

import org.jspecify.annotations.NullMarked;
