/// One AdaGrad step on tensors: a pure function, bit for bit the same on every machine.
///
/// Pure Java that depends on [dev.adagrad.tensor] alone, so that it can be read against the formula and measured by
/// itself. [dev.adagrad.kernel.AdaGrad] checks once and dispatches on the dtype; the fast loops below it test nothing.
/// A test for a zero denominator or for finiteness inside the loop keeps the JIT from vectorising it, and costs three
/// to eight times the time of the formula. So the loops first put the largest magnitudes through the formula: rounding
/// keeps order, so if those come out finite, every element does. If that proof fails (an overflow or a zero denominator
/// is possible), or if the caller asks for more, a second, slower loop runs. It checks every element and gives the same
/// bits.
@NullMarked
package dev.adagrad.kernel;

import org.jspecify.annotations.NullMarked;
