/// One AdaGrad step for a client that sends parameter, grad and G: `POST /adagrad/step`.
///
/// The way of a step: a validated [dev.adagrad.step.StepRequest], the stateless [dev.adagrad.step.StepService] around
/// the kernel, a [dev.adagrad.step.StepResponse]. Only the message converters decide which format the bytes have.
@NullMarked
package dev.adagrad.step;

import org.jspecify.annotations.NullMarked;
