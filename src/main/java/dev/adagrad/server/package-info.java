/// The HTTP server around the features: limits, formats, CORS, Tomcat.
@NullMarked
package dev.adagrad.server;

import org.jspecify.annotations.NullMarked;
