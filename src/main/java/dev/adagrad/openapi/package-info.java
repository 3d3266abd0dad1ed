/// What springdoc cannot infer from the code: the number-or-array schemas, the errors, examples with their true answers.
///
/// The one package besides `problem` that knows problems: it has to list them.
@NullMarked
package dev.adagrad.openapi;

import org.jspecify.annotations.NullMarked;
