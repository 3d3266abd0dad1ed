package dev.adagrad.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;

/// A body while it arrives. It must not come too slowly, and other requests have their turns between its parts. Only the
/// thread of its request may read it.
final class PacedBody extends FilterInputStream {

	private final Pace pace;

	private final Turns.Turn turn = Turns.current();

	private final long begun = System.nanoTime();

	/// Whether a read waits in a place that no channel sees: for what another thread
	/// reads from the connection.
	private final boolean multiplexed;

	private long bytes;

	/// @param multiplexed whether the body shares its connection with others, as over
	/// HTTP/2
	PacedBody(InputStream body, Pace pace, boolean multiplexed) {
		super(body);
		this.multiplexed = multiplexed;
		this.pace = pace;
	}

	/// @throws Refusal if the body comes too slowly
	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
	}

	/// @throws Refusal if the body comes too slowly
	@Override
	public int read(byte[] buffer, int offset, int length) throws IOException {
		int count;
		try {
			if (this.multiplexed && super.available() == 0) {
				this.turn.leaveForClient();
			}
			count = super.read(buffer, offset, length);
		}
		catch (IOException ex) {
			if (isTimeout(ex) || this.turn.isGivenUp()) {
				throw tooSlow();
			}
			throw ex;
		}
		this.bytes += Math.max(0, count);
		if (this.pace.isTooSlow(this.bytes, System.nanoTime() - this.begun)) {
			throw tooSlow();
		}
		// a thread that has waited for its client has no turn any more
		this.turn.take();
		this.turn.spend(Math.max(0, count));
		return count;
	}

	private static Refusal tooSlow() {
		return Refusal.of(Code.REQUEST_TIMEOUT, "the body comes too slowly; nothing was changed");
	}

	private static boolean isTimeout(Throwable failure) {
		return failure instanceof SocketTimeoutException
				|| (failure.getCause() != null && isTimeout(failure.getCause()));
	}

}
