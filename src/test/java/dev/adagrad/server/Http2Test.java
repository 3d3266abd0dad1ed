package dev.adagrad.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/// HTTP/2 in clear text, with Java's own client, which asks for an upgrade with its first request.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class Http2Test {

	/// A body far beyond what an upgrade may hold.
	private static final int SIZE = 100_000;

	@LocalServerPort
	private int port;

	@Test
	void aRequestWithoutABodyUpgradesTheConnection() throws IOException, InterruptedException {
		try (HttpClient client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
			HttpResponse<String> first = client.send(HttpRequest.newBuilder(uri("/adagrad/sessions")).build(),
					BodyHandlers.ofString());
			assertThat(first.statusCode()).isEqualTo(200);
			assertThat(first.version()).isEqualTo(Version.HTTP_2);
			assertStepped(client, Version.HTTP_2);
		}
	}

	@Test
	void oneWithALargeBodyIsAnsweredAllTheSame() throws IOException, InterruptedException {
		try (HttpClient client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
			assertStepped(client, Version.HTTP_1_1);
		}
	}

	private void assertStepped(HttpClient client, Version version) throws IOException, InterruptedException {
		String zeros = "[" + "0,".repeat(SIZE - 1) + "0]";
		String ones = "[" + "1,".repeat(SIZE - 1) + "1]";
		HttpRequest request = HttpRequest.newBuilder(uri("/adagrad/step"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers
				.ofString("{\"parameter\":" + zeros + ",\"grad\":" + ones + ",\"G\":" + zeros + ",\"epsilon\":0}"))
			.build();
		HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.version()).isEqualTo(version);
		assertThat(answer.body()).startsWith("{\"parameter\":[-0.01,-0.01,").endsWith(",1.0,1.0]}");
	}

	private URI uri(String path) {
		return URI.create("http://127.0.0.1:" + this.port + path);
	}

}
