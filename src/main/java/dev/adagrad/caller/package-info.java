/// Who calls: a caller with its tenant and its scopes. Pure Java. Package `access` finds out who it is, and everything
/// else only asks what the caller may do.
@NullMarked
package dev.adagrad.caller;

import org.jspecify.annotations.NullMarked;
