package dev.adagrad.pages;

/// Where the header of each page leads.
public enum Section {

	/// Optimizers at work.
	PLAYGROUND("Playground", ""),

	/// The sessions of this service, where it has any.
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

	/// From the root of the service.
	String path() {
		return this.path;
	}

}
