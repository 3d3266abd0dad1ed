/// What the requests of a stateless step and of a session have in common: hyperparameters as fields, the rules that
/// fields keep, and how a break of one is told.
@NullMarked
package dev.adagrad.request;

import org.jspecify.annotations.NullMarked;
