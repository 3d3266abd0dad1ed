/// One AdaGrad step on tensors: a pure function, bit for bit the same on every machine.
///
/// Pure Java, over [dev.adagrad.tensor] alone, so that it can be read against the formula and measured by itself.
/// [dev.adagrad.kernel.AdaGrad] checks once and dispatches on the dtype; the loops below it test nothing. A test for a
/// zero denominator or for finiteness inside the loop keeps the JIT from vectorising it, and costs three to eight times
/// the time of the formula. So the loops first put the largest magnitudes through the formula: rounding keeps order, so
/// where those come out finite, every element does. Where that proof fails (an overflow is possible, or a zero
/// denominator is), or more is asked for, a second, slower loop runs, which looks at every element and gives the same
/// bits.
@NullMarked
package dev.adagrad.kernel;

import org.jspecify.annotations.NullMarked;
