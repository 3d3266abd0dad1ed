/// Tensors as values: a dtype, a shape and one flat, finite array.
///
/// Pure Java. Two levels of certainty: [dev.adagrad.tensor.Numbers] is what a client sent (JSON numbers have no dtype
/// of their own), [dev.adagrad.tensor.Tensor] is the same in a dtype, and always finite.
@NullMarked
package dev.adagrad.tensor;

import org.jspecify.annotations.NullMarked;
