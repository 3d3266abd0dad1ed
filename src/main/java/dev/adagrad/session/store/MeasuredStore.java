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
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/// Times every call of a store, refused ones too, as `adagrad.store.latency`. Its `operation` is the method's name.
/// Before each call it tells that the thread is about to wait, except for the port's default methods, which wait for
/// nobody.
public final class MeasuredStore {

	private MeasuredStore() {
	}

	public static ManagedStore of(ManagedStore store, StoreWait wait, MeterRegistry meters) {
		Map<Method, Timer> timers = Arrays.stream(SessionStore.class.getMethods())
			.filter((method) -> !method.isDefault())
			.collect(Collectors.toUnmodifiableMap(Function.identity(),
					(method) -> Timer.builder("adagrad.store.latency")
						.description("how long calls to the store of sessions take")
						.tag("operation", method.getName())
						.register(meters)));
		return (ManagedStore) Proxy.newProxyInstance(ManagedStore.class.getClassLoader(),
				new Class<?>[] { ManagedStore.class }, (proxy, method, arguments) -> {
					if (!method.isDefault()) {
						wait.begins();
					}
					long begun = System.nanoTime();
					try {
						return method.invoke(store, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
					finally {
						Timer timer = timers.get(method);
						if (timer != null) {
							timer.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
						}
					}
				});
	}

}
