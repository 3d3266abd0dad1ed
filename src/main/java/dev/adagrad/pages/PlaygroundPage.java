package dev.adagrad.pages;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The first page: AdaGrad at work.
@RestController
class PlaygroundPage {

	private final ResponseEntity<String> page;

	PlaygroundPage(Frame frame) {
		this.page = frame.page(Section.PLAYGROUND, "playground.html");
	}

	@GetMapping("/")
	ResponseEntity<String> show() {
		return this.page;
	}

}
