/// Who may call the service: its own machine, callers with a key or a token, or everybody; from which web pages; and how
/// much each tenant may use. What it finds out is the request's `Caller`.
@NullMarked
package dev.adagrad.access;

import org.jspecify.annotations.NullMarked;
