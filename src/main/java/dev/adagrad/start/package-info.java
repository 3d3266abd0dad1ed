/// What happens once, when the service starts: settings are checked before anything is made of them, what is wrong is said
/// in a sentence with what to do about it, and in the end the address to open.
@NullMarked
package dev.adagrad.start;

import org.jspecify.annotations.NullMarked;
