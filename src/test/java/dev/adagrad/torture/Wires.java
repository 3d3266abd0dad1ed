package dev.adagrad.torture;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Opens connections to one server, and ends all at once.
///
/// Safe for use by any number of threads.
final class Wires {

	private static final int PATIENCE_MILLIS = 60_000;

	private final InetSocketAddress address;

	private final Tally tally = new Tally();

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private volatile boolean ended;

	Wires(InetSocketAddress address) {
		this.address = address;
	}

	Tally tally() {
		return this.tally;
	}

	boolean isEnded() {
		return this.ended;
	}

	Wire open() throws IOException {
		return open(0);
	}

	/// @param receiveBufferBytes how much may lie here unread; 0 leaves it to the system
	/// @throws IOException if the server does not accept it
	Wire open(int receiveBufferBytes) throws IOException {
		Socket socket = new Socket();
		if (receiveBufferBytes > 0) {
			socket.setReceiveBufferSize(receiveBufferBytes);
		}
		this.open.add(socket);
		try {
			socket.connect(this.address, PATIENCE_MILLIS);
			if (socket.getLocalPort() == socket.getPort()) {
				throw new ConnectException("on loopback, where nobody listens, a socket may find itself");
			}
		}
		catch (IOException ex) {
			socket.close();
			this.open.remove(socket);
			if (!this.ended) {
				this.tally.count(Tally.REFUSED);
			}
			throw ex;
		}
		if (this.ended) {
			socket.close();
		}
		return new Wire(socket, this.tally, () -> this.open.remove(socket));
	}

	/// Notes an end that is not of our making.
	void lost(Wire wire) {
		if (!this.ended) {
			this.tally.count(wire.isAnswering() ? Tally.BROKEN_OFF : Tally.CLOSED);
		}
	}

	/// Ends all connections, and those that are opened later.
	void end() {
		this.ended = true;
		for (Socket socket : this.open) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

}
