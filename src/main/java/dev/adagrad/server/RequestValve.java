package dev.adagrad.server;

import java.io.IOException;

import dev.adagrad.spool.OverloadedException;
import dev.adagrad.spool.Spool;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

import org.springframework.http.HttpHeaders;

/// What every request passes first: it waits for its turn, where the one before it came over the same connection, and gets
/// its room, or is refused.
class RequestValve extends ValveBase {

	private final Admission admission;

	private final Spool spool;

	RequestValve(Admission admission, Spool spool) {
		super(true);
		this.admission = admission;
		this.spool = spool;
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		Turns.current().request();
		RequestRoom room;
		try {
			room = new RequestRoom(this.admission, request.getRemoteAddr(), this.spool);
		}
		catch (OverloadedException ex) {
			response.setHeader(HttpHeaders.RETRY_AFTER, "1");
			response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
			return;
		}
		try (room) {
			room.enter(request);
			getNext().invoke(request, response);
		}
	}

}
