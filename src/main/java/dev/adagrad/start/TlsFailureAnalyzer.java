package dev.adagrad.start;

import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/// Says what is wrong with the settings or the files for TLS. Spring would print a stack trace.
///
/// Such failures have no type of their own. So this looks at where the first of them was thrown: in the code of Spring Boot
/// or Tomcat for TLS, or in what that code has called.
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class TlsFailureAnalyzer implements FailureAnalyzer {

	private static final Pattern TLS = Pattern.compile("org\\.springframework\\.boot\\.(autoconfigure\\.)?ssl\\..*"
			+ "|org\\.springframework\\.boot\\..*\\.SslConnectorCustomizer|org\\.apache\\.tomcat\\.util\\.net\\.SSL.*");

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
		if (Arrays.stream(root.getStackTrace()).noneMatch((frame) -> TLS.matcher(frame.getClassName()).matches())) {
			return null;
		}
		return new FailureAnalysis("TLS cannot be set up: " + reason(root) + ".",
				"server.ssl.bundle names a bundle, such as web; spring.ssl.bundle.pem.web.keystore.certificate and"
						+ " .private-key name PEM files that belong together and that the service may read.",
				failure);
	}

	private static String reason(Throwable root) {
		String message = String.valueOf(root.getMessage());
		return switch (root) {
			case FileNotFoundException _, NoSuchFileException _ -> "there is no file " + message;
			case AccessDeniedException _ -> "the service may not read " + message;
			default -> message;
		};
	}

}
