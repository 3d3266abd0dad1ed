/// Every refusal as `application/problem+json` (RFC 9457), and the page that explains it.
///
/// This package knows what the features throw; no feature knows this package. What the servlet container itself
/// refuses, before any controller has seen it, gets the same form here.
@NullMarked
package dev.adagrad.problem;

import org.jspecify.annotations.NullMarked;
