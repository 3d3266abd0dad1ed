/// What springdoc cannot infer from the code: the number-or-array schemas, the errors, examples with their true answers.
@NullMarked
package dev.adagrad.openapi;

import org.jspecify.annotations.NullMarked;
