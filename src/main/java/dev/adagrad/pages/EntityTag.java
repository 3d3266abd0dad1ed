package dev.adagrad.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32C;

import org.springframework.core.io.Resource;

/// Names the content of a page or a file, so that a browser that has it need not fetch it again. A time of change would
/// not do: that of a file in a jar is the time of the build, and may be the same in two.
///
/// The tag is weak, since the same content is sent compressed to some, and Tomcat compresses nothing that has a strong
/// one.
final class EntityTag {

	private EntityTag() {
	}

	static String of(byte[] content) {
		CRC32C checksum = new CRC32C();
		checksum.update(content);
		return "W/\"%x-%x\"".formatted(content.length, checksum.getValue());
	}

	static String of(Resource file) {
		try {
			return of(file.getContentAsByteArray());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
