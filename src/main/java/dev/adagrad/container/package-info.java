/// What the container image needs besides the service itself: a health check for an image that contains nothing but
/// Java.
///
/// It is a separate program, with a `main` and without Spring. Nothing in the service knows it, and it knows only the
/// service's HTTP interface.
@NullMarked
package dev.adagrad.container;

import org.jspecify.annotations.NullMarked;
