package dev.adagrad.pages;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/// How pages, and the files that they need, are served. What they do is tested in a browser, by `.ci/pages`.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class PagesTest {

	private static final List<String> PAGES = List.of("/", "/sessions", "/problems", "/problems/not-found",
			"/swagger-ui/index.html");

	/// Larger than what is sent as it is.
	private static final List<String> LARGE = List.of("/", "/sessions", "/problems", "/ui/playground.js",
			"/ui/style.css", "/clients/adagrad.py", "/clients/adagrad.mjs", "/webjars/uplot/dist/uPlot.esm.js",
			"/swagger-ui/swagger-ui-bundle.js", "/v3/api-docs");

	@LocalServerPort
	private int port;

	private TestClient client;

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
	}

	static List<String> pages() {
		return PAGES;
	}

	static List<String> large() {
		return LARGE;
	}

	static Stream<String> pagesAndFiles() {
		return Stream.concat(PAGES.stream(), LARGE.stream()).distinct();
	}

	@ParameterizedTest
	@MethodSource("pages")
	void aPageHasTheHeaderOfAll(String path) {
		Answer page = this.client.get(path, "Accept", "text/html");
		assertThat(page.status()).isEqualTo(200);
		assertThat(page.header("Content-Type")).startsWith("text/html");
		assertThat(page.body()).contains("<header class=\"site\">", ">Playground</a>", ">Sessions</a>", ">API</a>",
				">Problems</a>", "<meta name=\"viewport\" content=\"width=device-width", "aria-current=\"page\"");
	}

	@ParameterizedTest
	@MethodSource("pages")
	void whatAPageLinksToIsThere(String path) {
		String folder = path.substring(0, path.lastIndexOf('/') + 1);
		List<String> links = Pattern.compile("(?:href|src)=\"([^\"#][^\"]*)\"")
			.matcher(this.client.get(path).body())
			.results()
			.map((link) -> link.group(1))
			.toList();
		assertThat(links).hasSizeGreaterThan(5).allSatisfy((link) -> {
			assertThat(link).as("relative, so that it holds behind a prefix").doesNotStartWith("/").doesNotContain(":");
			String target = URI.create(folder).resolve(link).toString();
			assertThat(this.client.get(target).status()).as(target).isIn(200, 302);
		});
	}

	@ParameterizedTest
	@MethodSource("pagesAndFiles")
	void thePolicyLetsABrowserUseThisServiceAlone(String path) {
		String policy = this.client.get(path).header("Content-Security-Policy");
		assertThat(policy.split("; ")).contains("default-src 'none'", "script-src 'self'", "style-src 'self'",
				"connect-src 'self'", "frame-ancestors 'none'");
		assertThat(policy).doesNotContain("unsafe", "http", "*");
		assertThat(this.client.get(path).header("X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(this.client.get(path).header("Referrer-Policy")).isEqualTo("no-referrer");
	}

	@ParameterizedTest
	@MethodSource("pages")
	void noScriptAndNoStyleStandsInAPage(String path) {
		assertThat(this.client.get(path).body()).doesNotContain("<style", "style=", "javascript:")
			.doesNotContainPattern("<script(?![^>]* src=)")
			.doesNotContainPattern("\\son[a-z]+=");
	}

	@ParameterizedTest
	@MethodSource("pagesAndFiles")
	void nothingIsUsedAgainUnasked(String path) {
		assertThat(this.client.get(path).header("Cache-Control")).isIn("no-cache", "no-store");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/sessions", "/ui/playground.js", "/ui/style.css", "/clients/adagrad.py" })
	void whatABrowserHasIsNotSentAgain(String path) {
		String tag = this.client.get(path).header("ETag");
		assertThat(tag).startsWith("W/\"");
		Answer again = this.client.get(path, "If-None-Match", tag);
		assertThat(again.status()).isEqualTo(304);
		assertThat(again.body()).isEmpty();
		assertThat(this.client.get(path, "If-None-Match", "W/\"other\"").status()).isEqualTo(200);
	}

	@ParameterizedTest
	@MethodSource("large")
	void pagesScriptsAndTheApiDocumentAreCompressed(String path) throws IOException {
		Answer plain = this.client.get(path);
		assertThat(plain.header("Content-Encoding")).isEmpty();
		Answer compressed = this.client.get(path, "Accept-Encoding", "gzip");
		assertThat(compressed.header("Content-Encoding")).isEqualTo("gzip");
		assertThat(compressed.header("Vary")).containsIgnoringCase("accept-encoding");
		byte[] bytes = compressed.response().body();
		assertThat(bytes.length).isLessThan(plain.response().body().length * 2 / 3);
		try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
			assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(plain.body());
		}
	}

	@Test
	void tensorsAreNotCompressed() {
		String numbers = "[" + "0.5,".repeat(9_999) + "0.5]";
		Answer step = this.client.send("POST", "/adagrad/step",
				"{\"parameter\":%1$s,\"grad\":%1$s,\"G\":%1$s}".formatted(numbers), "Content-Type", "application/json",
				"Accept-Encoding", "gzip");
		assertThat(step.status()).isEqualTo(200);
		assertThat(step.header("Content-Encoding")).isEmpty();
		assertThat(step.json().get("parameter").size()).isEqualTo(10_000);
		String session = "/adagrad/sessions/not-compressed";
		assertThat(
				this.client.send("PUT", session, "{\"parameter\":" + numbers + "}", "Content-Type", "application/json")
					.status())
			.isIn(200, 201);
		Answer state = this.client.get(session + "/state", "Accept-Encoding", "gzip");
		assertThat(state.status()).isEqualTo(200);
		assertThat(state.header("Content-Encoding")).isEmpty();
		assertThat(this.client.send("DELETE", session, "").status()).isEqualTo(204);
	}

	@Test
	void answersOfTheApiBearNoHeadersOfPages() {
		Answer answer = this.client.get("/adagrad/sessions");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Content-Security-Policy")).isEmpty();
		assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
	}

	@Test
	void norDoRefusalsFromBeforeAnyHandler() {
		Answer refusal = this.client.get("/adagrad/sessions", "Origin", "http://elsewhere.example");
		assertThat(refusal.status()).isEqualTo(403);
		assertThat(refusal.problemCode()).isEqualTo("origin-not-allowed");
		assertThat(refusal.header("Content-Security-Policy")).isEmpty();
		assertThat(refusal.header("Cache-Control")).isEqualTo("no-store");
		assertThat(refusal.header("X-Content-Type-Options")).isEqualTo("nosniff");
	}

	@ParameterizedTest
	@MethodSource("pages")
	void nobodyIsAskedForAKey(String path) {
		assertThat(this.client.get(path).body()).doesNotContain("type=\"password\"");
	}

	@Test
	void swaggerUiAsksForNoKeyEither() {
		assertThat(this.client.get("/swagger-ui/index.html").body()).contains("href=\"../ui/no-keys.css\"");
		assertThat(this.client.get("/v3/api-docs/swagger-config").json().path("persistAuthorization").asBoolean())
			.isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "adagrad.py, text/x-python;charset=UTF-8, class Client:",
			"adagrad_torch.py, text/x-python;charset=UTF-8, class AdaGrad(",
			"adagrad.mjs, text/javascript;charset=UTF-8, export class Client {" })
	void clientsComeAsTextOfTheirLanguage(String file, String mediaType, String excerpt) {
		Answer client = this.client.get("/clients/" + file);
		assertThat(client.status()).isEqualTo(200);
		assertThat(client.header("Content-Type")).isEqualTo(mediaType);
		assertThat(client.body()).contains(excerpt);
		Answer head = this.client.send("HEAD", "/clients/" + file, "");
		assertThat(head.status()).isEqualTo(200);
		assertThat(head.header("Content-Type")).isEqualTo(mediaType);
		assertThat(head.header("Content-Length")).isEqualTo(String.valueOf(client.response().body().length));
		assertThat(head.body()).isEmpty();
	}

	@Test
	void filesThatAreNotThereAreRefused() {
		for (String path : List.of("/ui/", "/clients/", "/clients/none.py", "/ui/none.js", "/pages/frame.html",
				"/frame.html", "/ui/../application.properties")) {
			Answer answer = this.client.get(path);
			assertThat(answer.status()).as(path).isEqualTo(404);
			assertThat(answer.problemCode()).isEqualTo("not-found");
		}
	}

}
