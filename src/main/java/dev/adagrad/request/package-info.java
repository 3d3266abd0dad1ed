/// What the requests of a stateless step and of a session have in common: hyperparameters as fields, the rules for
/// fields, and the messages about broken rules.
@NullMarked
package dev.adagrad.request;

import org.jspecify.annotations.NullMarked;
