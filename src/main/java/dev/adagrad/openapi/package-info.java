/// The OpenAPI document, which people write (`openapi.yaml`), and the page that shows it.
///
/// The one package besides `problem` that knows problems: it lists them.
@NullMarked
package dev.adagrad.openapi;

import org.jspecify.annotations.NullMarked;
