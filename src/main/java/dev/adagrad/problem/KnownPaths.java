package dev.adagrad.problem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.adagrad.refusal.Suggestion;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/// The paths that the service answers, and a guess which of them a client meant by an unknown path.
///
/// 1. Common names in such services: `/docs` is `/swagger-ui.html`.
/// 2. A path that is the end of a known one, or ends with a known one: `/step`, `/api/adagrad/step`.
/// 3. A path with as many segments as a known one, each equal or nearly equal: `/adagrad/session/a/steps`.
@Component
class KnownPaths {

	/// Longer paths are not compared: that would cost more than it is worth.
	private static final int MAX_LENGTH = 200;

	private static final String SWAGGER_UI = "/swagger-ui.html";

	private static final String DOCUMENT = "/v3/api-docs";

	private static final String HEALTH = "/actuator/health";

	private static final String METRICS = "/actuator/prometheus";

	private static final Map<String, String> CALLED = Map.ofEntries(Map.entry("/docs", SWAGGER_UI),
			Map.entry("/swagger", SWAGGER_UI), Map.entry("/swagger-ui", SWAGGER_UI), Map.entry("/api", SWAGGER_UI),
			Map.entry("/api-docs", SWAGGER_UI), Map.entry("/redoc", SWAGGER_UI), Map.entry("/openapi.json", DOCUMENT),
			Map.entry("/openapi.yaml", DOCUMENT + ".yaml"), Map.entry("/openapi", DOCUMENT),
			Map.entry("/swagger.json", DOCUMENT), Map.entry("/health", HEALTH), Map.entry("/healthz", HEALTH),
			Map.entry("/ready", HEALTH + "/readiness"), Map.entry("/metrics", METRICS),
			Map.entry("/prometheus", METRICS), Map.entry("/actuator/metrics", METRICS));

	/// Found with the first mistake of a client: the mappings need this class before they
	/// are complete.
	private final SingletonSupplier<Set<String>> patterns;

	KnownPaths(ListableBeanFactory beans) {
		this.patterns = SingletonSupplier.of(() -> patterns(beans));
	}

	/// The path that the client probably meant.
	/// @param path below the service's own prefix
	Optional<String> near(String path) {
		if (path.length() > MAX_LENGTH) {
			return Optional.empty();
		}
		String single = path.replaceAll("//+", "/");
		String given = single.endsWith("/") ? single.substring(0, single.length() - 1) : single;
		if (given.isEmpty()) {
			return Optional.empty();
		}
		Set<String> patterns = this.patterns.obtain();
		String called = CALLED.get(given);
		if (called != null) {
			return Optional.of(called).filter((meant) -> patterns.stream().anyMatch((known) -> covers(known, meant)));
		}
		List<String> segments = segments(given);
		return patterns.stream()
			.map(KnownPaths::segments)
			.flatMap((known) -> like(segments, known).stream())
			.filter((meant) -> !meant.equals(path))
			.min(Comparator.comparingInt((meant) -> Math.abs(meant.length() - given.length())));
	}

	private static Set<String> patterns(ListableBeanFactory beans) {
		Set<String> patterns = new LinkedHashSet<>();
		for (RequestMappingInfoHandlerMapping mapping : beans.getBeansOfType(RequestMappingInfoHandlerMapping.class)
			.values()) {
			mapping.getHandlerMethods().keySet().forEach((info) -> patterns.addAll(info.getPatternValues()));
		}
		patterns.remove("/error");
		return patterns;
	}

	private static boolean covers(String pattern, String path) {
		return pattern.equals(path)
				|| (pattern.endsWith("/**") && path.startsWith(pattern.substring(0, pattern.length() - 3)));
	}

	private static List<String> segments(String path) {
		return Arrays.asList(path.substring(1).split("/", -1));
	}

	/// The known path with the given values for its variables, if the two paths are
	/// alike.
	private static Optional<String> like(List<String> given, List<String> known) {
		int more = given.size() - known.size();
		// the longer path has more segments at its beginning
		List<String> compared = given.subList(Math.max(more, 0), given.size());
		List<String> tail = known.subList(Math.max(-more, 0), known.size());
		List<String> meant = new ArrayList<>(known.subList(0, Math.max(-more, 0)));
		boolean named = false;
		for (int at = 0; at < tail.size(); at++) {
			String part = compared.get(at);
			if (isVariable(tail.get(at)) && !part.isEmpty()) {
				meant.add(part);
			}
			else if (part.equals(tail.get(at))
					|| (more == 0 && Suggestion.nearest(part, List.of(tail.get(at))).isPresent())) {
				meant.add(tail.get(at));
				named = true;
			}
			else {
				return Optional.empty();
			}
		}
		return named && meant.stream().noneMatch(KnownPaths::isVariable) ? Optional.of("/" + String.join("/", meant))
				: Optional.empty();
	}

	private static boolean isVariable(String segment) {
		return segment.startsWith("{");
	}

}
