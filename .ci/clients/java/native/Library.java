import com.fasterxml.jackson.databind.ObjectMapper;
import org.openapitools.client.ApiClient;
import org.openapitools.client.model.Problem;

/** The client of the library native: the JDK's own HTTP client, with Jackson. */
class Library {

	static final String NAME = "java, library native";

	static ApiClient client(String url) {
		return new ApiClient(ApiClient.createDefaultHttpClientBuilder(), ApiClient.createDefaultObjectMapper(), url);
	}

	/** This library has no place for a key but a function that completes requests. */
	static ApiClient client(String url, String key) {
		return client(url).setRequestInterceptor((request) -> request.header("Authorization", "Bearer " + key));
	}

	static Problem problem(String body) throws Exception {
		return new ObjectMapper().readValue(body, Problem.class);
	}

}
