package dev.adagrad.trace;

import dev.adagrad.refusal.Refusal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/// A phase of a call, such as reading its body. If the call is traced and sampled, each run of the phase is
/// a span below the one that is current on its thread. Otherwise nothing is made.
///
/// Immutable; safe for use by any number of threads.
///
/// @param name the name of its spans
/// @param attributes of its spans
public record Phase(String name, Attributes attributes) {

	static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

	/// What makes the spans of a call, in the context of a call that is sampled.
	private static final ContextKey<Tracer> TRACER = ContextKey.named("dev.adagrad.tracer");

	/// A phase with no attributes.
	public static Phase of(String name) {
		return new Phase(name, Attributes.empty());
	}

	/// A phase with one attribute.
	/// @param attribute the name of an attribute of its spans
	/// @param value the attribute's value, one of a few
	public static Phase of(String name, String attribute, String value) {
		return new Phase(name, Attributes.of(AttributeKey.stringKey(attribute), value));
	}

	/// The context in which phases are spans.
	static Context inContext(Context context, Tracer tracer) {
		return context.with(TRACER, tracer);
	}

	/// Runs the phase. Where it fails, its span names the code of the refusal, or the
	/// class of another exception, but never its text.
	public <A extends @Nullable Object, E extends Throwable> A run(Work<A, E> work) throws E {
		Tracer tracer = Context.current().get(TRACER);
		return (tracer != null) ? run(work, tracer) : work.run();
	}

	private <A extends @Nullable Object, E extends Throwable> A run(Work<A, E> work, Tracer tracer) throws E {
		Span span = tracer.spanBuilder(this.name).setAllAttributes(this.attributes).startSpan();
		try (Scope _ = span.makeCurrent()) {
			return work.run();
		}
		catch (Throwable ex) {
			span.setAttribute(ERROR_TYPE, (ex instanceof Refusal refusal) ? refusal.code().code() : nameOf(ex));
			throw ex;
		}
		finally {
			span.end();
		}
	}

	static String nameOf(Throwable failure) {
		return failure.getClass().getName();
	}

	/// What a phase does.
	///
	/// @param <A> the type of its result
	/// @param <E> what it throws
	@FunctionalInterface
	public interface Work<A extends @Nullable Object, E extends Throwable> {

		A run() throws E;

	}

}
