package dev.adagrad.access;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.adagrad.Http2Connection;
import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Scope;
import dev.adagrad.caller.Tenant;
import org.junit.jupiter.api.Test;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// However much the service logs, and whatever it answers, no key and no hash of one is in it.
class SecrecyTest {

	private static final String ALL = Key.create(new SecureRandom());

	private static final String READ = Key.create(new SecureRandom());

	private static final String UNKNOWN = Key.create(new SecureRandom());

	private static final List<String> CUT = List.of(ALL.substring(0, 56), ALL + "x", ALL.replace("adagrad_", ""));

	private static String record(String key, String name, Scope... scopes) {
		return KeyRecord.of(key, new Caller(name, Tenant.DEFAULT, Set.of(scopes)), Optional.empty()).toString();
	}

	@Test
	void noKeyIsToldAnywhere() throws IOException {
		String records = record(ALL, "boss", Scope.ADMIN) + "," + record(READ, "ci", Scope.READ);
		try (ServiceProcess service = ServiceProcess.start(List.of("-Dadagrad.access.key-records=" + records),
				"--logging.level.dev.adagrad=trace", "--logging.level.org.springframework.security=trace",
				"--logging.level.org.springframework.web=trace", "--logging.level.org.apache.coyote=trace",
				"--logging.level.org.apache.coyote.http2=trace", "--logging.level.org.apache.coyote.http11=trace",
				"--server.http2.enabled=true", "--management.endpoints.web.exposure.include=*")) {
			TestClient client = service.client();
			StringBuilder told = new StringBuilder();
			for (String key : List.of(UNKNOWN, CUT.get(0), CUT.get(1), CUT.get(2), READ, ALL)) {
				String[] with = { "Authorization", "Bearer " + key, "Content-Type", "application/json" };
				for (Answer answer : List.of(client.get("/adagrad/sessions", with),
						client.send("POST", "/adagrad/step", json("{'parameter':1,'grad':1,'G':0}"), with),
						client.send("POST", "/adagrad/step", "{", with),
						client.send("PUT", "/adagrad/sessions/a", json("{'size':3}"), with),
						client.send("DELETE", "/adagrad/sessions/b", "", with), client.get("/nothing", with),
						client.get("/actuator/prometheus", with), client.get("/actuator/metrics", with),
						client.get("/actuator/health", with), client.get("/actuator/env", with),
						client.get("/actuator/configprops", with))) {
					told.append(answer.response().headers()).append(answer.body());
				}
				try (Http2Connection http2 = new Http2Connection(service.port())) {
					http2.answer(http2.request("GET", "/adagrad/sessions", true, "authorization", "Bearer " + key));
				}
			}
			assertThat(client
				.send("PUT", "/adagrad/sessions/last", json("{'size':3}"), "Authorization", "Bearer " + ALL,
						"Content-Type", "application/json")
				.status()).isEqualTo(201);
			assertThat(told).contains("adagrad_access_refused_total").contains("unauthorized").contains("forbidden");
			assertThat(service.printed()).anyMatch((line) -> line.contains("TRACE"))
				.anyMatch((line) -> line.contains("action=create session=last tenant=default by=boss"));
			for (String key : List.of(ALL, READ, UNKNOWN)) {
				for (String secret : List.of(key.substring(8, 40), HexFormat.of().formatHex(Key.hash(key)))) {
					assertThat(service.printed().stream().filter((line) -> line.contains(secret))).isEmpty();
					assertThat(told.indexOf(secret)).as("in an answer").isEqualTo(-1);
				}
			}
		}
	}

}
