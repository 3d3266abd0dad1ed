/// The AdaGrad service. Each package below is one feature; see their own `package-info`.
@NullMarked
package dev.adagrad;

import org.jspecify.annotations.NullMarked;
