/// The OpenAPI document, which people write (`openapi.yaml`), and the page that shows it.
@NullMarked
package dev.adagrad.openapi;

import org.jspecify.annotations.NullMarked;
