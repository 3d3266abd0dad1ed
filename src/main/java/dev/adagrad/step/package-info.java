/// One AdaGrad step for whoever sends parameter, grad and G: `POST /adagrad/step`.
///
/// The way of a step: a validated [dev.adagrad.step.StepRequest], the stateless [dev.adagrad.step.StepService] around
/// the kernel, a [dev.adagrad.step.StepResponse]. Which format the bytes have is decided by message converters alone.
@NullMarked
package dev.adagrad.step;

import org.jspecify.annotations.NullMarked;
