package dev.adagrad.pages;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The sessions of this service, if it has any.
@RestController
@ConditionalOnBooleanProperty(name = "adagrad.sessions.enabled", matchIfMissing = true)
class SessionsPage {

	private final ResponseEntity<String> page;

	SessionsPage(Frame frame) {
		this.page = frame.page(Section.SESSIONS, "sessions.html");
	}

	@GetMapping("/sessions")
	ResponseEntity<String> show() {
		return this.page;
	}

}
