package dev.adagrad.problem;

import java.util.stream.Collectors;

import dev.adagrad.pages.Frame;
import dev.adagrad.pages.Section;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/// The page behind each problem's `type`: what happened and what to do, for a person with a browser.
@RestController
@Hidden
class ProblemPages {

	private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");

	private final Frame frame;

	private final boolean sessions;

	/// @param sessions whether the service has sessions
	ProblemPages(Frame frame, @Value("${adagrad.sessions.enabled:true}") boolean sessions) {
		this.frame = frame;
		this.sessions = sessions;
		// the texts are read at the start: a refusal must not need memory for that
		var _ = Explanation.of(Code.INTERNAL_ERROR);
	}

	/// The list of the problems that this service can answer with.
	@GetMapping("/problems")
	ResponseEntity<?> list() {
		String items = Code.answered(this.sessions)
			.stream()
			.map((problem) -> "<li><a href=\"problems/%s\"><code>%s</code></a> %d: %s</li>".formatted(problem.code(),
					problem.code(), problem.status(), HtmlUtils.htmlEscape(problem.title())))
			.collect(Collectors.joining("\n"));
		return page("./", "Problems", "<ul>\n" + items + "\n</ul>");
	}

	/// Explains any problem, since a client may still have the `type` of a problem from
	/// before a change of settings.
	@GetMapping("/problems/{code}")
	ResponseEntity<?> explain(@PathVariable String code, HttpServletRequest request) {
		return Code.ofCode(code)
			.<ResponseEntity<?>>map(this::explanation)
			.orElseGet(() -> ProblemBody
				.answer(Refusal.of(Code.NOT_FOUND, "there is no problem with this code; see /problems"), request));
	}

	private ResponseEntity<String> explanation(Code problem) {
		Explanation explanation = Explanation.of(problem);
		return page("../", problem.title(),
				"""
						<p><code>%s</code>, HTTP status %d</p>
						<h2>What happened</h2>
						<p>%s</p>
						<h2>What to do</h2>
						<p>%s</p>
						<p><a href="../problems">All problems</a> · <a href="../swagger-ui.html">The API</a></p>"""
					.formatted(problem.code(), problem.status(), HtmlUtils.htmlEscape(explanation.meaning()),
							HtmlUtils.htmlEscape(explanation.remedy())));
	}

	/// @param root the way from the page to the root of the service
	private ResponseEntity<String> page(String root, String title, String content) {
		return ResponseEntity.ok()
			.contentType(HTML)
			.body(this.frame.page(Section.PROBLEMS, root, title,
					"<article>\n<h1>" + HtmlUtils.htmlEscape(title) + "</h1>\n" + content + "\n</article>"));
	}

}
