package dev.adagrad.trace;

import java.io.IOException;
import java.util.Collections;
import java.util.Set;

import dev.adagrad.request.Outcome;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.HandlerMapping;

/// Makes each call under `/adagrad/` a span, below the one that the client names in `traceparent`, by OpenTelemetry's
/// [conventions for HTTP servers](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server). Pages and
/// probes are no calls.
///
/// Of what the conventions ask for, the span leaves out the path, which holds an optimizer id, and what tells the client
/// apart. A header that is no `traceparent` is as good as none.
class CallSpanFilter extends HttpFilter {

	private static final Set<HttpMethod> KNOWN = Set.of(HttpMethod.values());

	private static final TextMapGetter<HttpServletRequest> HEADERS = new TextMapGetter<>() {
		@Override
		public Iterable<String> keys(HttpServletRequest request) {
			return Collections.list(request.getHeaderNames());
		}

		@Override
		public @Nullable String get(@Nullable HttpServletRequest request, String name) {
			return (request != null) ? request.getHeader(name) : null;
		}
	};

	private final transient TextMapPropagator propagator;

	private final transient Tracer tracer;

	CallSpanFilter(OpenTelemetry telemetry) {
		this.propagator = telemetry.getPropagators().getTextMapPropagator();
		this.tracer = telemetry.getTracer("dev.adagrad");
	}

	@Override
	protected void doFilter(HttpServletRequest call, HttpServletResponse answer, FilterChain chain)
			throws IOException, ServletException {
		if (!call.getServletPath().startsWith("/adagrad/")) {
			chain.doFilter(call, answer);
			return;
		}
		Context client = this.propagator.extract(Context.root(), call, HEADERS);
		Span span = this.tracer.spanBuilder(call.getMethod())
			.setParent(client)
			.setSpanKind(SpanKind.SERVER)
			.startSpan();
		Context context = client.with(span);
		try (Scope _ = (span.isRecording() ? Phase.inContext(context, this.tracer) : context).makeCurrent()) {
			chain.doFilter(call, answer);
			describe(span, call, answer);
		}
		catch (Throwable ex) {
			describe(span, call, answer);
			span.setAttribute(Phase.ERROR_TYPE, Phase.nameOf(ex)).setStatus(StatusCode.ERROR);
			throw ex;
		}
		finally {
			span.end();
		}
	}

	private static void describe(Span span, HttpServletRequest call, HttpServletResponse answer) {
		if (!span.isRecording()) {
			return;
		}
		// anything may stand for a method
		boolean known = KNOWN.contains(HttpMethod.valueOf(call.getMethod()));
		span.setAttribute("http.request.method", known ? call.getMethod() : "_OTHER")
			.setAttribute("url.scheme", call.getScheme())
			.setAttribute("network.protocol.version",
					call.getProtocol().substring(call.getProtocol().indexOf('/') + 1));
		String name = known ? call.getMethod() : "HTTP";
		Object route = call.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
		if (route != null) {
			span.setAttribute("http.route", route.toString());
			name += " " + route;
		}
		span.updateName(name);
		int status = answer.getStatus();
		span.setAttribute("http.response.status_code", status);
		String outcome = Outcome.of(call);
		if (Outcome.isFailure(outcome)) {
			span.setAttribute(Phase.ERROR_TYPE, outcome);
		}
		else if (status >= HttpServletResponse.SC_BAD_REQUEST) {
			span.setAttribute(Phase.ERROR_TYPE, Integer.toString(status));
		}
		if (status >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
			span.setStatus(StatusCode.ERROR);
		}
	}

}
