/// What happens once, when the service starts. Settings are checked before anything uses them. A mistake is reported in
/// one sentence, with what to do about it. At the end the log shows the address to open.
@NullMarked
package dev.adagrad.start;

import org.jspecify.annotations.NullMarked;
