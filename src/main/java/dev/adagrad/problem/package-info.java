/// Every refusal as `application/problem+json` (RFC 9457), and the page that explains it.
///
/// This package knows what the features throw; none of them knows it. What the servlet container itself refuses, before
/// any controller has seen it, takes the same shape here.
@NullMarked
package dev.adagrad.problem;

import org.jspecify.annotations.NullMarked;
