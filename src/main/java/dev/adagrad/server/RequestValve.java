package dev.adagrad.server;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.spool.BoundedSpool;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

import org.springframework.http.HttpHeaders;

/// What every request passes first: it waits for its turn, where the one before it came over the same connection, and gets
/// its room, or is refused.
class RequestValve extends ValveBase {

	private final Draining draining;

	private final Admission admission;

	private final BoundedSpool spool;

	private final List<String> health;

	/// @param health what the paths begin with that tell of the service's health
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
		invokeWithRoom(request, response);
		if (turn.isOver() && !request.isAsync()) {
			// when this has its turn again the client may have sent the next request,
			// and to wait for that takes as long as a short step
			response.finishResponse();
			turn.end();
		}
	}

	private void invokeWithRoom(Request request, Response response) throws IOException, ServletException {
		Optional<RequestRoom> room = open(request);
		if (room.isPresent()) {
			try (RequestRoom opened = room.get()) {
				opened.enter(request);
				getNext().invoke(request, response);
			}
		}
		else {
			if (!isAboutHealth(request)) {
				// what comes next answers it as any other refusal
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
			// two lengths, or one that is no number, which Tomcat has refused
			return -1;
		}
	}

	private Optional<RequestRoom> open(Request request) {
		try {
			String client = request.getRemoteAddr();
			return Optional.of(new RequestRoom(this.admission, client, bodyBytes(request), this.spool.of(client)));
		}
		catch (Refusal ex) {
			return Optional.empty();
		}
	}

	/// A service that has much to do is well: whoever asks is to be told, or would end
	/// it.
	private boolean isAboutHealth(Request request) {
		return (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))
				&& this.health.stream().anyMatch(request.getRequestURI()::startsWith);
	}

}
