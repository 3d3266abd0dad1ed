package dev.adagrad.pages;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The first page: AdaGrad at work.
@RestController
class PlaygroundPage {

	private final Page page;

	PlaygroundPage(Frame frame) {
		this.page = Page.of(frame.page(Section.PLAYGROUND, "./", "Playground", Frame.read("playground.html")));
	}

	@GetMapping("/")
	ResponseEntity<String> show() {
		return this.page.answer();
	}

}
