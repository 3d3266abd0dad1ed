/// What the container image needs beside the service itself: a health check for an image that holds nothing but Java.
///
/// A program of its own, with a `main` and without Spring: nothing in the service knows it, and it knows the service by
/// its HTTP interface only.
@NullMarked
package dev.adagrad.container;

import org.jspecify.annotations.NullMarked;
