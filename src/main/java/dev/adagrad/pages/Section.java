package dev.adagrad.pages;

/// The sections that the header of each page links to.
public enum Section {

	/// Optimizers at work.
	PLAYGROUND("Playground", ""),

	/// The sessions of this service, if it has any.
	SESSIONS("Sessions", "sessions"),

	/// Swagger UI.
	API("API", "swagger-ui.html"),

	/// The errors, explained.
	PROBLEMS("Problems", "problems");

	private final String title;

	private final String path;

	Section(String title, String path) {
		this.title = title;
		this.path = path;
	}

	String title() {
		return this.title;
	}

	/// The path from the root of the service.
	String path() {
		return this.path;
	}

}
