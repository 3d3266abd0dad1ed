package dev.adagrad.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.adagrad.spool.Spool;
import dev.adagrad.spool.SpoolFile;
import dev.adagrad.spool.TemporaryFiles;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;

/// Temporary files that belong to the request of the thread that opens them: closed when it is over, whether its body
/// was refused, its answer sent, or its client gone.
///
/// Safe for use by any number of threads.
@Component
class RequestSpool implements Spool, HandlerInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(RequestSpool.class);

	private static final String FILES = RequestSpool.class.getName() + ".files";

	private final Spool files;

	RequestSpool(SpoolProperties properties) {
		this.files = new TemporaryFiles(Path.of(properties.path()));
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		request.setAttribute(FILES, new Files());
		return true;
	}

	/// Opens a file.
	/// @throws IllegalStateException if the thread serves no request of ours
	@Override
	public SpoolFile open() throws IOException {
		return forAnyThread().open();
	}

	/// A spool whose files belong to the request of the thread that asks.
	/// @throws IllegalStateException if the thread serves no request of ours
	@Override
	public Spool forAnyThread() {
		RequestAttributes request = RequestContextHolder.currentRequestAttributes();
		if (!(request.getAttribute(FILES, RequestAttributes.SCOPE_REQUEST) instanceof Files opened)) {
			throw new IllegalStateException("nobody would close the file");
		}
		return () -> {
			SpoolFile file = this.files.open();
			opened.add(file);
			return file;
		};
	}

	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception failure) {
		if (request.getAttribute(FILES) instanceof Files opened) {
			opened.close();
		}
	}

	/// The files of one request; for any number of threads.
	private static final class Files {

		private final List<SpoolFile> list = new ArrayList<>();

		private boolean closed;

		/// Takes a file in; one that comes when the request is over, from a thread that
		/// was not waited for, is closed at once.
		synchronized void add(SpoolFile file) {
			this.list.add(file);
			if (this.closed) {
				close();
			}
		}

		synchronized void close() {
			this.closed = true;
			for (SpoolFile file : this.list) {
				try {
					file.close();
				}
				catch (IOException ex) {
					logger.warn("a temporary file could not be closed", ex);
				}
			}
			this.list.clear();
		}

	}

}
