package dev.adagrad.server;

import java.time.Duration;

import org.apache.coyote.Request;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http2.Http2Protocol;

/// HTTP/2, if `server.http2.enabled` is set: by prior knowledge in clear text, by ALPN if Tomcat ends TLS.
///
/// It never starts by an upgrade (`Upgrade: h2c`), whatever the setting. If a proxy passes such a request on and does not
/// know HTTP/2, it takes what follows for opaque bytes and no longer applies its rules (hidden paths, allowed callers). RFC
/// 9113 has dropped the upgrade.
///
/// Tomcat adds points for what could be an attack (resets, small frames, pings), subtracts points for useful work, and
/// ends a connection if the sum is above 0. With Tomcat's own settings good clients look like bad ones:
///
/// - A `DATA` frame at the end of a window is as small as the rest of the window, and several bodies at once leave much
/// less than Tomcat's 1 KiB. Here only consecutive frames with almost no bytes count as attacks.
/// - A `WINDOW_UPDATE` of less than 1 KiB counts too, but a client sends one if it gives back the window of every short
/// answer at once.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-3.1">RFC 9113: the upgrade is deprecated</a>
final class PriorKnowledgeHttp2 extends Http2Protocol {

	/// Each `DATA` frame subtracts 20, and adds this value divided by the average size
	/// of this frame and the last: 1 byte or less adds 10, 2 bytes or more add nothing.
	private static final int SMALL_DATA = 30;

	/// A `WINDOW_UPDATE` adds this value divided by the average of this update and the
	/// last. The shortest answers have 10 bytes and so add 25; their frames subtract 60.
	private static final int SMALL_WINDOW_UPDATE = 256;

	/// @param http the protocol for HTTP/1.1 on the same port
	/// @param grace how long the service waits for a client
	PriorKnowledgeHttp2(AbstractHttp11Protocol<?> http, Duration grace) {
		setOverheadDataThreshold(SMALL_DATA);
		setOverheadWindowUpdateThreshold(SMALL_WINDOW_UPDATE);
		// believe a proxy that says that it ends TLS: nothing here depends on it
		setAllowSchemeMismatch(true);
		setKeepAliveTimeout(http.getKeepAliveTimeout());
		setReadTimeout(grace.toMillis());
		setStreamReadTimeout(grace.toMillis());
		// how long an answer waits for room in the window of the connection, which other
		// answers may have used up; after that Tomcat ends all of them
		setWriteTimeout(grace.toMillis());
		setStreamWriteTimeout(grace.toMillis());
	}

	/// Without an upgrade, the first bytes of a connection, or TLS, show that it is
	/// HTTP/2, and Tomcat does not call this.
	@Override
	public boolean accept(Request request) {
		return false;
	}

}
