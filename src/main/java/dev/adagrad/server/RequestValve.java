package dev.adagrad.server;

import java.io.IOException;
import java.util.List;

import dev.adagrad.caller.Caller;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.spool.BoundedSpool;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/// Every request passes here first. It waits for its turn if the request before it came over the same connection, and gets
/// its room or is refused.
class RequestValve extends ValveBase {

	private final Draining draining;

	private final Admission admission;

	private final BoundedSpool spool;

	private final List<String> health;

	/// @param health the prefixes of the paths that report the service's health
	RequestValve(Draining draining, Admission admission, BoundedSpool spool, List<String> health) {
		super(true);
		this.draining = draining;
		this.admission = admission;
		this.spool = spool;
		this.health = health;
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		Turns.Turn turn = Turns.current();
		turn.begin();
		this.draining.tell(request, response);
		request.setAttribute(Caller.PEER, request.getPeerAddr());
		invokeWithRoom(request, response);
		if (turn.isOver() && !request.isAsync()) {
			// by the time of this thread's next turn the client may have sent its next
			// request; waiting for that request would take as long as a short step
			response.finishResponse();
			turn.end();
		}
	}

	private void invokeWithRoom(Request request, Response response) throws IOException, ServletException {
		try (RequestRoom room = open(request)) {
			if (room != null) {
				room.enter(request);
			}
			else if (!isAboutHealth(request)) {
				// the next valve answers it like any other refusal
				response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
			}
			getNext().invoke(request, response);
		}
	}

	private static long bodyBytes(Request request) {
		if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
			return -1;
		}
		try {
			return Math.max(0, request.getContentLengthLong());
		}
		catch (IllegalArgumentException ex) {
			// two lengths, or one that is not a number; Tomcat has refused it
			return -1;
		}
	}

	private @Nullable RequestRoom open(Request request) {
		try {
			String client = request.getRemoteAddr();
			return new RequestRoom(this.admission, client, bodyBytes(request), this.spool.of(client));
		}
		catch (Refusal ex) {
			return null;
		}
	}

	/// A busy service is healthy. The caller must learn that, or it would end the
	/// service.
	private boolean isAboutHealth(Request request) {
		return (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))
				&& this.health.stream().anyMatch(request.getRequestURI()::startsWith);
	}

}
