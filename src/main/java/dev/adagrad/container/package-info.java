/// What the container image needs beside the service itself: a health check for an image that holds nothing but Java,
/// and the warm-up that trains the AOT cache while the image is built.
///
/// Both are programs of their own, with a `main` and without Spring: nothing in the service knows them, and they know
/// the service by its HTTP interface only.
@NullMarked
package dev.adagrad.container;

import org.jspecify.annotations.NullMarked;
