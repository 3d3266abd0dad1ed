package dev.adagrad.access;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Quota;
import dev.adagrad.caller.Quotas;
import dev.adagrad.caller.Tenant;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.Outcome;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Keeps each tenant within its quota of steps a second and of requests under way, before a body is read. It runs after
/// the filters that find out who calls.
///
/// The steps of a tenant come out of a bucket that holds those of one second and is filled steadily. A step that was
/// refused for any other reason was taken out all the same.
///
/// Safe for use by any number of threads.
///
/// @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/">RateLimit header fields for
/// HTTP</a>
@Component
@FilterRegistration(urlPatterns = "/adagrad/*", order = 0)
class QuotaFilter extends OncePerRequestFilter {

	/// The number of tenants beyond which those that use nothing are forgotten.
	private static final int MANY = 10_000;

	private final Quotas quotas;

	private final Map<Tenant, Long> underWay = new ConcurrentHashMap<>();

	private final Map<Tenant, Bucket> steps = new ConcurrentHashMap<>();

	QuotaFilter(Quotas quotas) {
		this.quotas = quotas;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (!(request.getAttribute(Caller.ATTRIBUTE) instanceof Caller caller)) {
			chain.doFilter(request, response);
			return;
		}
		Quota quota = this.quotas.of(caller.tenant());
		Optional<Refusal> refusal = (quota.stepsPerSecond() != Quota.UNLIMITED && Paths.isStep(request))
				? step(caller.tenant(), quota.stepsPerSecond(), response) : Optional.empty();
		if (refusal.isPresent()) {
			refuse(request, response, refusal.get());
		}
		else if (quota.requests() != Quota.UNLIMITED) {
			enter(caller.tenant(), quota.requests(), request, response, chain);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private Optional<Refusal> step(Tenant tenant, long perSecond, HttpServletResponse response) {
		if (this.steps.size() > MANY) {
			this.steps.values().removeIf((bucket) -> bucket.getAvailableTokens() >= perSecond);
		}
		Bucket bucket = this.steps.computeIfAbsent(tenant,
				(each) -> Bucket.builder()
					.addLimit((limit) -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
					.build());
		ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
		response.setHeader("RateLimit-Policy", "\"steps\";q=" + perSecond + ";w=1");
		response.setHeader("RateLimit", "\"steps\";r=" + probe.getRemainingTokens() + ";t=1");
		if (probe.isConsumed()) {
			return Optional.empty();
		}
		long seconds = Math.ceilDiv(probe.getNanosToWaitForRefill(), TimeUnit.SECONDS.toNanos(1));
		return Optional.of(Refusal
			.of(Code.QUOTA_EXCEEDED, "this tenant may take " + perSecond + " steps a second, and has taken them")
			.with("limit", perSecond)
			.withHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, seconds))));
	}

	private void enter(Tenant tenant, long most, HttpServletRequest request, HttpServletResponse response,
			FilterChain chain) throws ServletException, IOException {
		long now = this.underWay.merge(tenant, 1L, Long::sum);
		try {
			if (now > most) {
				refuse(request, response,
						Refusal
							.of(Code.QUOTA_EXCEEDED,
									"this tenant may have " + most + " requests under way at a time, and has them")
							.with("limit", most)
							.withHeader(HttpHeaders.RETRY_AFTER, "1"));
			}
			else {
				chain.doFilter(request, response);
			}
		}
		finally {
			this.underWay.computeIfPresent(tenant, (same, count) -> (count > 1) ? Long.valueOf(count - 1) : null);
		}
	}

	private static void refuse(HttpServletRequest request, HttpServletResponse response, Refusal refusal)
			throws IOException {
		Outcome.tell(request, refusal.code().code());
		request.setAttribute(Refusal.ATTRIBUTE, refusal);
		response.sendError(refusal.status());
	}

}
