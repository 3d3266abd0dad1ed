package dev.adagrad.pages;

import java.nio.charset.StandardCharsets;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/// A page that is the same for every client, made once at the start.
record Page(String html, String entityTag) {

	private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");

	static Page of(String html) {
		return new Page(html, EntityTag.of(html.getBytes(StandardCharsets.UTF_8)));
	}

	ResponseEntity<String> answer() {
		return ResponseEntity.ok().contentType(HTML).eTag(this.entityTag).body(this.html);
	}

}
