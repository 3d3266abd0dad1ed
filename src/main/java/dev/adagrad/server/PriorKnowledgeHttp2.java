package dev.adagrad.server;

import java.time.Duration;

import org.apache.coyote.Request;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http2.Http2Protocol;

/// HTTP/2, where `server.http2.enabled` says so: by prior knowledge in clear text, by ALPN where Tomcat ends TLS.
///
/// Never by an upgrade (`Upgrade: h2c`), whatever the setting. A proxy that passes such a request on and does not know HTTP/2
/// takes what follows for opaque, and its rules (paths that it hides, who may call) would no longer be looked at. RFC 9113
/// has dropped the upgrade.
///
/// Tomcat counts what could be an attack (resets, small frames, pings), takes off what does work, and ends a connection
/// where the sum is above 0. As it is set, it takes good clients for bad ones:
///
/// - A `DATA` frame at the end of a window is as small as what is left of it, and several bodies at once leave much less
/// than its 1 KiB. Here only frames of next to no bytes, one after the other, count as attacks.
/// - So does a `WINDOW_UPDATE` of less than 1 KiB, which is what a client sends that gives back every short answer at once.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-3.1">RFC 9113: the upgrade is deprecated</a>
final class PriorKnowledgeHttp2 extends Http2Protocol {

	/// Each `DATA` frame takes 20 off, and adds this divided by the average size of it
	/// and the last: 1 byte or less adds 10, 2 bytes or more add nothing.
	private static final int SMALL_DATA = 30;

	/// A `WINDOW_UPDATE` adds this divided by the average of it and the last. The
	/// shortest answers have 10 bytes, so 25; their frames take off 60.
	private static final int SMALL_WINDOW_UPDATE = 256;

	/// @param http which is spoken on the same port
	/// @param grace for how long a client is waited for
	PriorKnowledgeHttp2(AbstractHttp11Protocol<?> http, Duration grace) {
		setOverheadDataThreshold(SMALL_DATA);
		setOverheadWindowUpdateThreshold(SMALL_WINDOW_UPDATE);
		// a proxy that ends TLS, and says so, is believed: nothing here depends on it
		setAllowSchemeMismatch(true);
		setKeepAliveTimeout(http.getKeepAliveTimeout());
		setReadTimeout(grace.toMillis());
		setStreamReadTimeout(grace.toMillis());
		// how long an answer waits for room in the window of the connection, which
		// others on it may have taken; Tomcat then ends all of them
		setWriteTimeout(grace.toMillis());
		setStreamWriteTimeout(grace.toMillis());
	}

	/// Where there was no upgrade the first bytes of a connection, or TLS, tell that it
	/// is HTTP/2: this is not asked then.
	@Override
	public boolean accept(Request request) {
		return false;
	}

}
