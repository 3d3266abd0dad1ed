package dev.adagrad.session.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.adagrad.session.SessionStore;
import dev.adagrad.session.StoreWait;
import dev.adagrad.trace.Phase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/// Times every call of a store, refused ones too, as `adagrad.store.latency`, and makes it a span where the call is
/// traced. The `operation` is the method's name. Before each call it tells that the thread is about to wait, except for the port's default methods, which wait for
/// nobody.
public final class MeasuredStore {

	private MeasuredStore() {
	}

	public static ManagedStore of(ManagedStore store, StoreWait wait, MeterRegistry meters) {
		Map<Method, Measured> measured = Arrays.stream(SessionStore.class.getMethods())
			.filter((method) -> !method.isDefault())
			.collect(Collectors.toUnmodifiableMap(Function.identity(), (method) -> Measured.of(method, meters)));
		return (ManagedStore) Proxy.newProxyInstance(ManagedStore.class.getClassLoader(),
				new Class<?>[] { ManagedStore.class }, (proxy, method, arguments) -> {
					if (!method.isDefault()) {
						wait.begins();
					}
					Measured known = measured.get(method);
					return (known != null) ? known.call(store, method, arguments) : call(store, method, arguments);
				});
	}

	private static @Nullable Object call(ManagedStore store, Method method, Object @Nullable [] arguments)
			throws Throwable {
		try {
			return method.invoke(store, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	/// What shows how long one method takes.
	private record Measured(Timer timer, Phase phase) {

		static Measured of(Method method, MeterRegistry meters) {
			Timer timer = Timer.builder("adagrad.store.latency")
				.description("how long calls to the store of sessions take")
				.tag("operation", method.getName())
				.register(meters);
			return new Measured(timer, Phase.of("store", "adagrad.operation", method.getName()));
		}

		@Nullable Object call(ManagedStore store, Method method, Object @Nullable [] arguments) throws Throwable {
			long begun = System.nanoTime();
			try {
				return this.phase.run(() -> MeasuredStore.call(store, method, arguments));
			}
			finally {
				this.timer.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
			}
		}

	}

}
