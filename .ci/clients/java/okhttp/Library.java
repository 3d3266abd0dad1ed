import org.openapitools.client.ApiClient;
import org.openapitools.client.model.Problem;

/** The client of the generator's default library, OkHttp with Gson. */
class Library {

	static final String NAME = "java, default library";

	static ApiClient client(String url) {
		return new ApiClient().setBasePath(url);
	}

	static ApiClient client(String url, String key) {
		ApiClient client = client(url);
		client.setBearerToken(key);
		return client;
	}

	static Problem problem(String body) throws Exception {
		return Problem.fromJson(body);
	}

}
