package dev.adagrad.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32C;

import org.springframework.core.io.Resource;

/// Names the content of a page or a file, so that a browser that has it need not fetch it again. A time of change would
/// not work: a file in a jar has the time of the build, which may be the same for two builds.
///
/// The tag is weak, since some clients get the same content compressed, and Tomcat compresses nothing with a strong
/// tag.
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
