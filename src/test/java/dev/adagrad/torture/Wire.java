package dev.adagrad.torture;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One connection over HTTP/1.1, kept alive; what it receives is thrown away but for the beginning.
///
/// For one thread.
final class Wire implements Closeable {

	private static final int BUFFER_BYTES = 40 * 1024;

	private static final int MOST_OF_HEAD = 16 * 1024;

	private static final int KEPT_OF_BODY = 2000;

	private static final byte[] END_OF_LINE = { '\r', '\n' };

	private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

	private static final Pattern CHUNKED = Pattern.compile("(?im)^transfer-encoding: *chunked");

	private final Socket socket;

	private final OutputStream out;

	private final InputStream in;

	private final Tally tally;

	private final byte[] buffer = new byte[BUFFER_BYTES];

	private int next;

	private int end;

	private final Runnable whenClosed;

	private boolean answering;

	private boolean closed;

	/// @param socket connected, and closed with this
	/// @param tally what counts the bytes
	/// @param whenClosed called when this is closed from here
	Wire(Socket socket, Tally tally, Runnable whenClosed) throws IOException {
		socket.setTcpNoDelay(true);
		this.socket = socket;
		this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
		this.in = socket.getInputStream();
		this.tally = tally;
		this.whenClosed = whenClosed;
	}

	/// Sends a request and receives its answer.
	/// @throws IOException if there is none, or not all of it
	Answer call(Request request) throws IOException {
		boolean whole = false;
		IOException broken = null;
		try {
			whole = send(request, Long.MAX_VALUE);
		}
		catch (IOException ex) {
			// an answer may have come before the server has ended the connection
			broken = ex;
		}
		try {
			Answer answer = receive();
			if (!whole || answer.closes()) {
				close();
			}
			return answer;
		}
		catch (IOException ex) {
			close();
			if (broken != null) {
				ex.addSuppressed(broken);
			}
			throw ex;
		}
	}

	/// Sends a request, but for the rest of its body beyond so many bytes.
	/// @return whether all of it is sent, and not answered before
	boolean send(Request request, long most) throws IOException {
		this.answering = false;
		Body body = request.body();
		StringBuilder head = new StringBuilder(request.method()).append(' ')
			.append(request.path())
			.append(" HTTP/1.1\r\nHost: localhost\r\n");
		if (body.exists()) {
			head.append("Content-Type: ").append(body.contentType()).append("\r\n");
			head.append(request.chunked() ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length())
				.append("\r\n");
		}
		request.headers().forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
		write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
		long left = most;
		for (Body.Part part : body.parts()) {
			for (long sent = 0; sent < part.length();) {
				int count = (int) Math.min(Math.min(part.block(), part.length() - sent), left);
				if (count == 0) {
					this.out.flush();
					return false;
				}
				if (request.looksForEarlyAnswer() && this.in.available() > 0) {
					return false;
				}
				if (request.chunked()) {
					write(Integer.toHexString(count).getBytes(StandardCharsets.US_ASCII));
					write(END_OF_LINE);
				}
				part.write(this.out, count);
				this.tally.sent(count);
				if (request.chunked()) {
					write(END_OF_LINE);
				}
				sent += count;
				left -= count;
			}
		}
		if (request.chunked()) {
			write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		}
		this.out.flush();
		return true;
	}

	private void write(byte[] bytes) throws IOException {
		this.out.write(bytes);
	}

	/// Sends bytes as they are.
	void sendRaw(String text) throws IOException {
		write(text.getBytes(StandardCharsets.US_ASCII));
		this.out.flush();
	}

	/// Whether an answer has begun to come; where not, how the connection ended is told
	/// by a [Tally].
	boolean isAnswering() {
		return this.answering;
	}

	/// Receives an answer, and all of its body.
	/// @throws IOException if the connection ends before, or a read takes longer than the
	/// socket waits
	Answer receive() throws IOException {
		return receiveBody(receiveHead());
	}

	/// Receives what follows a head.
	Answer receiveBody(String head) throws IOException {
		StringBuilder start = new StringBuilder();
		int status = Integer.parseInt(head.substring(9, 12));
		Matcher length = LENGTH.matcher(head);
		if (status == 204 || status == 304) {
			return new Answer(head, "");
		}
		if (CHUNKED.matcher(head).find()) {
			for (long count = receiveSize(); count > 0; count = receiveSize()) {
				receiveBody(count, start);
				receiveLine();
			}
			receiveLine();
		}
		else if (length.find()) {
			receiveBody(Long.parseLong(length.group(1)), start);
		}
		else {
			throw new IOException("neither a length nor chunks: " + head);
		}
		return new Answer(head, start.toString());
	}

	/// Receives the status line and the headers.
	String receiveHead() throws IOException {
		StringBuilder head = new StringBuilder();
		for (String line = receiveLine(); !line.isEmpty(); line = receiveLine()) {
			head.append(line).append("\r\n");
		}
		if (!head.toString().startsWith("HTTP/1.1 ")) {
			throw new IOException("no head: " + head);
		}
		return head.toString();
	}

	private long receiveSize() throws IOException {
		return Long.parseLong(receiveLine(), 16);
	}

	private String receiveLine() throws IOException {
		StringBuilder line = new StringBuilder();
		while (line.length() < MOST_OF_HEAD) {
			char next = (char) receive1();
			if (next == '\n') {
				return line.substring(0, line.length() - 1);
			}
			line.append(next);
		}
		throw new IOException("a line without an end");
	}

	/// Receives so many bytes, whatever they are.
	void skip(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			receive1();
		}
	}

	private byte receive1() throws IOException {
		if (this.next == this.end) {
			fill();
		}
		return this.buffer[this.next++];
	}

	private void receiveBody(long count, StringBuilder start) throws IOException {
		for (long left = count; left > 0;) {
			if (this.next == this.end) {
				fill();
			}
			int here = (int) Math.min(left, this.end - this.next);
			int kept = Math.min(here, KEPT_OF_BODY - start.length());
			start.append(new String(this.buffer, this.next, kept, StandardCharsets.ISO_8859_1));
			this.next += here;
			left -= here;
		}
	}

	private void fill() throws IOException {
		this.next = 0;
		this.end = Math.max(0, this.in.read(this.buffer));
		if (this.end == 0) {
			throw new EOFException();
		}
		this.answering = true;
		this.tally.received(this.end);
	}

	boolean isClosed() {
		return this.closed;
	}

	/// Ends the connection by a reset, as a client that dies does.
	void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		close();
	}

	/// How long a read waits, in milliseconds; 0 for ever.
	void waitAtMost(int millis) throws IOException {
		this.socket.setSoTimeout(millis);
	}

	@Override
	public void close() throws IOException {
		this.closed = true;
		this.socket.close();
		this.whenClosed.run();
	}

}
