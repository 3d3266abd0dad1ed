package dev.adagrad.pages;

/// The sections that the header of each page links to.
public enum Section {

	/// Optimizers at work.
	PLAYGROUND("Playground", "", true),

	/// The sessions of this service, if it has any.
	SESSIONS("Sessions", "sessions", true),

	/// Swagger UI, which has a place for a key itself.
	API("API", "swagger-ui.html", false),

	/// The errors, explained.
	PROBLEMS("Problems", "problems", false);

	final String title;

	/// The path from the root of the service.
	final String path;

	/// Whether its pages call the API by scripts of ours, and need a key for that.
	final boolean calls;

	Section(String title, String path, boolean calls) {
		this.title = title;
		this.path = path;
		this.calls = calls;
	}

}
