package dev.adagrad;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;

/// Takes its time by its nature: kills, millions of elements, timeouts that are waited for, or a JVM of its own. `mvn verify`
/// leaves it out, `mvn -Plong verify` runs it.
@Tag("long")
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
public @interface LongTest {

}
