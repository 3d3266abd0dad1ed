package dev.adagrad;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// A client that speaks HTTP/2 frame by frame, in clear text and by prior knowledge: what it sends is up to the test.
///
/// For one thread.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9113">RFC 9113</a>
public final class Http2Connection implements Closeable {

	public static final int DATA = 0;

	public static final int HEADERS = 1;

	public static final int RST_STREAM = 3;

	public static final int SETTINGS = 4;

	public static final int PING = 6;

	public static final int GOAWAY = 7;

	public static final int WINDOW_UPDATE = 8;

	public static final int CONTINUATION = 9;

	public static final int ACK = 1;

	public static final int END_STREAM = 1;

	public static final int END_HEADERS = 4;

	private static final int FRAME = 16 * 1024;

	private static final int WINDOW = 65535;

	private static final int PATIENCE_MILLIS = 20_000;

	private final Socket socket;

	private final OutputStream out;

	private final DataInputStream in;

	private final Map<Integer, ByteArrayOutputStream> bodies = new HashMap<>();

	private final Map<Integer, Integer> windows = new HashMap<>();

	private final Set<Integer> ended = new HashSet<>();

	private int window = WINDOW;

	private int nextStream = 1;

	public Http2Connection(int port) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.setSoTimeout(PATIENCE_MILLIS);
		this.socket.setTcpNoDelay(true);
		this.out = this.socket.getOutputStream();
		this.in = new DataInputStream(this.socket.getInputStream());
		this.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		frame(SETTINGS, 0, 0, new byte[0]);
	}

	/// Sends a frame, whatever it is.
	public void frame(int type, int flags, int stream, byte[] payload) throws IOException {
		ByteBuffer frame = ByteBuffer.allocate(9 + payload.length)
			.put((byte) (payload.length >>> 16))
			.putShort((short) payload.length)
			.put((byte) type)
			.put((byte) flags)
			.putInt(stream)
			.put(payload);
		this.out.write(frame.array());
	}

	/// Begins a request.
	/// @return its stream
	public int request(String method, String path, boolean ends, String... headers) throws IOException {
		int stream = this.nextStream;
		this.nextStream += 2;
		this.windows.put(stream, WINDOW);
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		boolean schemed = false;
		for (int i = 0; i < headers.length; i += 2) {
			schemed |= headers[i].equals(":scheme");
		}
		literal(block, ":method", method);
		literal(block, ":path", path);
		literal(block, ":authority", "localhost");
		if (!schemed) {
			literal(block, ":scheme", "http");
		}
		for (int i = 0; i < headers.length; i += 2) {
			literal(block, headers[i], headers[i + 1]);
		}
		frame(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, block.toByteArray());
		return stream;
	}

	/// A header that no table knows, without Huffman's code (RFC 7541, 6.2.2).
	private static void literal(ByteArrayOutputStream block, String name, String value) {
		block.write(0);
		for (String text : new String[] { name, value }) {
			block.write(text.length());
			block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
		}
	}

	/// Sends a body to its end, in frames of at most so many bytes, as the windows allow,
	/// whatever is answered meanwhile.
	public void body(int stream, byte[] body, int perFrame) throws IOException {
		int from = 0;
		while (from < body.length) {
			int room = Math.min(this.window, this.windows.get(stream));
			if (room == 0) {
				read();
				continue;
			}
			int count = Math.min(Math.min(room, perFrame), body.length - from);
			byte[] part = new byte[count];
			System.arraycopy(body, from, part, 0, count);
			from += count;
			this.window -= count;
			this.windows.merge(stream, -count, Integer::sum);
			frame(DATA, (from == body.length) ? END_STREAM : 0, stream, part);
		}
	}

	public void body(int stream, byte[] body) throws IOException {
		body(stream, body, FRAME);
	}

	/// Reads on until a stream has its answer.
	/// @return the body of the answer
	public String answer(int stream) throws IOException {
		while (!this.ended.contains(stream)) {
			read();
		}
		return this.bodies.getOrDefault(stream, new ByteArrayOutputStream()).toString(StandardCharsets.UTF_8);
	}

	/// Whether the server ends the connection, now or soon.
	public boolean isEnded() throws IOException {
		try {
			while (true) {
				read();
			}
		}
		catch (ConnectionEndedException | SocketException ex) {
			return true;
		}
	}

	/// Reads a frame.
	private void read() throws IOException {
		int first = this.in.read();
		if (first < 0) {
			throw new ConnectionEndedException("the connection has ended");
		}
		int length = first << 16 | this.in.readUnsignedShort();
		int type = this.in.readUnsignedByte();
		int flags = this.in.readUnsignedByte();
		int stream = this.in.readInt();
		byte[] payload = this.in.readNBytes(length);
		switch (type) {
			case DATA -> {
				this.bodies.computeIfAbsent(stream, (id) -> new ByteArrayOutputStream()).writeBytes(payload);
				if (length > 0) {
					byte[] increment = ByteBuffer.allocate(4).putInt(length).array();
					frame(WINDOW_UPDATE, 0, 0, increment);
					if ((flags & END_STREAM) == 0) {
						frame(WINDOW_UPDATE, 0, stream, increment);
					}
				}
			}
			case WINDOW_UPDATE -> {
				int increment = ByteBuffer.wrap(payload).getInt();
				if (stream == 0) {
					this.window += increment;
				}
				else {
					this.windows.merge(stream, increment, Integer::sum);
				}
			}
			case SETTINGS -> {
				if ((flags & ACK) == 0) {
					frame(SETTINGS, ACK, 0, new byte[0]);
				}
			}
			case PING -> {
				if ((flags & ACK) == 0) {
					frame(PING, ACK, 0, payload);
				}
			}
			case GOAWAY -> throw new ConnectionEndedException("the server goes away, with error "
					+ ByteBuffer.wrap(payload).getInt(4) + " " + new String(payload, StandardCharsets.UTF_8));
			case RST_STREAM -> this.ended.add(stream);
			default -> {
			}
		}
		if ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
			this.ended.add(stream);
		}
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/// The server has ended the connection.
	public static final class ConnectionEndedException extends IOException {

		ConnectionEndedException(String message) {
			super(message);
		}

	}

}
