package dev.adagrad.problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;

/// Gives the refusals of Tomcat itself (a bad request line, a URL that is too long or contains `%2f`) the form of
/// every other problem. Tomcat would write a page of HTML.
class ProblemErrorReportValve extends ErrorReportValve {

	private final JsonMapper json;

	private final ClientPrefix prefix;

	ProblemErrorReportValve(JsonMapper json, ClientPrefix prefix) {
		this.json = json;
		this.prefix = prefix;
	}

	@Override
	protected void report(Request request, Response response, @Nullable Throwable failure) {
		int status = response.getStatus();
		if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
			return;
		}
		try {
			ProblemDetail detail = ProblemBody.of(ForeignRefusals.of(status, failure), this.prefix.of(request));
			byte[] body = this.json.writeValueAsString(detail).getBytes(StandardCharsets.UTF_8);
			response.setStatus(detail.getStatus());
			response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
			response.setContentLength(body.length);
			response.getOutputStream().write(body);
		}
		catch (IOException | IllegalStateException ex) {
			this.container.getLogger().debug("the client of a refused request is gone", ex);
		}
	}

}
