package dev.adagrad.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.stereotype.Component;
import org.springframework.web.util.HtmlUtils;

/// What all pages share: the head, and the header that leads from each page to the others. All links are relative, so
/// that they work behind any prefix. Where the service asks for a key, the header of a page that calls it has a place for
/// one, and by that its scripts know.
@Component
public class Frame {

	private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");

	private final String html = read("frame.html");

	private final String head = read("head.html");

	private final String key = read("key.html");

	private final boolean sessions;

	private final boolean asksForKey;

	/// @param sessions whether there is a page of sessions
	/// @param callers what finds out who calls; only a service that asks for a key or a
	/// token has it
	Frame(@Value("${adagrad.sessions.enabled:true}") boolean sessions, ObjectProvider<AuthenticationManager> callers) {
		this.sessions = sessions;
		this.asksForKey = callers.stream().findAny().isPresent();
	}

	/// Whether the service asks its callers for a key or a token.
	public boolean asksForKey() {
		return this.asksForKey;
	}

	/// A whole page.
	/// @param section the section that it belongs to
	/// @param root the relative path from the page to the root of the service: `./` or
	/// `../`
	/// @param title its title, as text
	/// @param content its content, as HTML
	public String page(Section section, String root, String title, String content) {
		return this.html.replace("{head}", this.head)
			.replace("{root}", root)
			.replace("{header}", header(section, root))
			.replace("{title}", HtmlUtils.htmlEscape(title))
			.replace("{content}", content);
	}

	/// A page below the root that is the same for every client, to be made once.
	/// @param file the name of a file in `resources/pages` with its content
	ResponseEntity<String> page(Section section, String file) {
		String page = page(section, "./", section.title, read(file));
		return ResponseEntity.ok()
			.contentType(HTML)
			.eTag(EntityTag.of(page.getBytes(StandardCharsets.UTF_8)))
			.body(page);
	}

	/// The content of the head of each page.
	/// @param root the relative path from the page to the root of the service
	public String head(String root) {
		return this.head.replace("{root}", root);
	}

	/// The header of each page, with links to the others.
	/// @param section the section that the page belongs to
	/// @param root the relative path from the page to the root of the service
	public String header(Section section, String root) {
		String links = Arrays.stream(Section.values())
			.filter((each) -> this.sessions || each != Section.SESSIONS)
			.map((each) -> "<a href=\"%s\"%s>%s</a>".formatted(root + each.path,
					(each == section) ? " aria-current=\"page\"" : "", each.title))
			.collect(Collectors.joining("\n"));
		return """
				<header class="site">
				<a class="name" href="%s">AdaGrad over HTTP</a>
				<nav aria-label="Pages">
				%s
				</nav>
				%s</header>""".formatted(root, links, (this.asksForKey && section.calls) ? this.key + '\n' : "");
	}

	/// @param name the name of a file in `resources/pages`
	private static String read(String name) {
		try {
			return new ClassPathResource("pages/" + name).getContentAsString(StandardCharsets.UTF_8).strip();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
