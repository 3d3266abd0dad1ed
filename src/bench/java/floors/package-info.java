/// Floors of the benchmark `src/bench/step`: endpoints inside the service's own server. No part of the service.
@NullMarked
package floors;

import org.jspecify.annotations.NullMarked;
