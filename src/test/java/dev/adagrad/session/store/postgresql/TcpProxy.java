package dev.adagrad.session.store.postgresql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A port on loopback that leads to a server, until it is cut or paused: then connections break, or nothing answers.
public final class TcpProxy implements AutoCloseable {

	private record Target(String host, int port) {
	}

	private final ServerSocket listener;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private volatile Target target;

	private volatile boolean cut;

	private volatile boolean paused;

	public TcpProxy(String host, int port) {
		this.target = new Target(host, port);
		try {
			this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Thread.ofVirtual().start(this::accept);
	}

	public int port() {
		return this.listener.getLocalPort();
	}

	/// Breaks all connections, and takes none until [#connectTo] or [#restore].
	public void cut() {
		this.cut = true;
		this.sockets.forEach(TcpProxy::close);
	}

	/// Leaves connections open, but passes nothing on until [#restore].
	public void pause() {
		this.paused = true;
	}

	/// Passes on again. What was paused is broken.
	public void restore() {
		this.sockets.forEach(TcpProxy::close);
		this.paused = false;
		this.cut = false;
	}

	public void connectTo(String host, int port) {
		this.target = new Target(host, port);
		restore();
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try {
				Socket client = this.listener.accept();
				if (this.cut) {
					client.close();
				}
				else {
					Thread.ofVirtual().start(() -> serve(client));
				}
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void serve(Socket client) {
		Target to = this.target;
		this.sockets.add(client);
		try (Socket server = new Socket(to.host(), to.port())) {
			this.sockets.add(server);
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
			Thread back = Thread.ofVirtual().start(() -> pass(server, client));
			pass(client, server);
			back.join();
			this.sockets.remove(server);
		}
		catch (IOException | InterruptedException ex) {
			// as if the server had broken it
		}
		finally {
			close(client);
			this.sockets.remove(client);
		}
	}

	private void pass(Socket from, Socket to) {
		try {
			byte[] buffer = new byte[1 << 16];
			for (int count = from.getInputStream().read(buffer); count >= 0; count = from.getInputStream()
				.read(buffer)) {
				if (!this.paused) {
					to.getOutputStream().write(buffer, 0, count);
				}
			}
		}
		catch (IOException ex) {
			// the other side is told by the closing
		}
		finally {
			close(from);
			close(to);
		}
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		cut();
	}

}
