package dev.adagrad.server;

import java.io.IOException;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/// What each request passes first: where the one before it came over the same connection, its turn is another one.
class RequestValve extends ValveBase {

	RequestValve() {
		super(true);
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		Turns.current().request();
		getNext().invoke(request, response);
	}

}
