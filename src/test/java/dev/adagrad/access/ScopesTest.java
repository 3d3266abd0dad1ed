package dev.adagrad.access;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.adagrad.TestClient;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Scope;
import dev.adagrad.caller.Tenant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// What callers with a key may do, by its scopes, and what they see of other tenants.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "management.endpoints.web.exposure.include=health,info,prometheus,expiredsessions")
class ScopesTest {

	private static final String NONE = "";

	private static final String READ = Key.create(new SecureRandom());

	private static final String STEP = Key.create(new SecureRandom());

	private static final String OTHER_STEP = Key.create(new SecureRandom());

	private static final String ADMIN = Key.create(new SecureRandom());

	private static final String METRICS = Key.create(new SecureRandom());

	private static final String EXPIRED = Key.create(new SecureRandom());

	private static final String STRANGER = Key.create(new SecureRandom());

	private static final String UNKNOWN = Key.create(new SecureRandom());

	private static final Map<String, String> KEYS = Map.of("none", NONE, "read", READ, "step", STEP, "admin", ADMIN,
			"metrics", METRICS, "expired", EXPIRED, "unknown", UNKNOWN, "cut", READ.substring(0, 50), "garbage", "x");

	private static final String SIZE = json("{'size':3}");

	@LocalServerPort
	private int port;

	private TestClient client;

	@DynamicPropertySource
	static void keys(DynamicPropertyRegistry settings) {
		settings.add("adagrad.access.key-records",
				() -> List.of(record(READ, "reader", Tenant.DEFAULT, Scope.READ),
						record(STEP, "worker", Tenant.DEFAULT, Scope.STEP),
						record(OTHER_STEP, "other-worker", Tenant.DEFAULT, Scope.STEP),
						record(ADMIN, "boss", Tenant.DEFAULT, Scope.ADMIN),
						record(METRICS, "prometheus", Tenant.DEFAULT, Scope.METRICS),
						record(STRANGER, "stranger", new Tenant("b"), Scope.READ, Scope.STEP),
						KeyRecord
							.of(EXPIRED, new Caller("late", Tenant.DEFAULT, Set.of(Scope.READ, Scope.STEP)),
									Optional.of(Instant.parse("2026-01-01T00:00:00Z")))
							.toString()));
	}

	private static String record(String key, String name, Tenant tenant, Scope... scopes) {
		return KeyRecord.of(key, new Caller(name, tenant, Set.of(scopes)), Optional.empty()).toString();
	}

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
	}

	private Answer call(String key, String method, String path, String body, String... headers) {
		String[] all = new String[headers.length + (key.isEmpty() ? 2 : 4)];
		System.arraycopy(headers, 0, all, 0, headers.length);
		all[headers.length] = "Content-Type";
		all[headers.length + 1] = "application/json";
		if (!key.isEmpty()) {
			all[headers.length + 2] = "Authorization";
			all[headers.length + 3] = "Bearer " + key;
		}
		return this.client.send(method, path, body, all);
	}

	/// 401 for whoever has no good key, 403 for whoever lacks the scope; else what the
	/// call is answered with.
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "POST | /adagrad/step | {'parameter':1,'grad':1,'G':0} | step | 200",
			"POST | /adagrad/sessions | {'size':3} | step | 201",
			"PUT | /adagrad/sessions/made | {'size':3} | step | 201", "GET | /adagrad/sessions | '' | read | 200",
			"HEAD | /adagrad/sessions | '' | read | 200", "GET | /adagrad/sessions/s | '' | read | 200",
			"GET | /adagrad/sessions/s/state | '' | read | 200",
			"POST | /adagrad/sessions/s/state/lookup | {'indices':[0]} | read | 200",
			"POST | /adagrad/sessions/s/step | {'parameter':[1,2,3],'grad':[0,0,0]} | step | 200",
			"PUT | /adagrad/sessions/s/state | {'step':9,'G':[1,2,3]} | admin | 204",
			"PATCH | /adagrad/sessions/s | {} | admin | 405", "DELETE | /adagrad/sessions/no-such | '' | step | 404",
			"GET | /actuator/prometheus | '' | metrics | 200", "GET | /actuator/info | '' | metrics | 200",
			"GET | /actuator | '' | metrics | 200", "GET | /actuator/expiredsessions | '' | admin | 200",
			"POST | /actuator/expiredsessions/no-such | {} | admin | 404",
			"POST | /adagrad//step | {'parameter':1,'grad':1,'G':0} | step | 404",
			"POST | /adagrad/%73tep | {'parameter':1,'grad':1,'G':0} | step | 200",
			"PUT | /adagrad/sessions/s/st%61te | {'step':9,'G':[1,2,3]} | admin | 204",
			"PUT | /adagrad/sessions/s/state/ | {'step':9,'G':[1,2,3]} | step | 404",
			"GET | /adagrad/nothing | '' | any | 404", "DELETE | /adagrad/step | '' | any | 405" })
	void eachCallNeedsItsScope(String method, String path, String body, String needed, int answered) {
		call(ADMIN, "PUT", "/adagrad/sessions/s", SIZE);
		KEYS.forEach((name, key) -> {
			call(ADMIN, "DELETE", "/adagrad/sessions/made", "");
			boolean known = List.of("read", "step", "admin", "metrics").contains(name);
			boolean may = known && (needed.equals("any") || needed.equals(name) || name.equals("admin"));
			Answer answer = call(key, method, path, json(body));
			int expected = may ? answered : known ? 403 : 401;
			assertThat(answer.status()).as("%s with %s", path, name).isEqualTo(expected);
			if (expected == 401) {
				assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer realm=\"adagrad\"");
			}
			if (expected == 403) {
				assertThat(answer.header("WWW-Authenticate")).endsWith("scope=\"" + needed + "\"");
			}
			if (expected >= 400 && !key.isEmpty() && !method.equals("HEAD")) {
				assertThat(answer.body()).doesNotContain(key.length() > 1 ? key : "Bearer x");
			}
		});
	}

	@Test
	void whatBelongsToNobodyNeedsNoKey() {
		for (String path : List.of("/", "/sessions", "/problems", "/problems/unauthorized", "/v3/api-docs",
				"/clients/adagrad.py", "/actuator/health", "/actuator/health/readiness")) {
			assertThat(this.client.get(path).status()).as(path).isEqualTo(200);
		}
		assertThat(this.client.get("/actuator/health").body()).doesNotContain("components");
		assertThat(call(METRICS, "GET", "/actuator/health", "").body()).contains("components");
		assertThat(call(READ, "GET", "/actuator/health", "").body()).doesNotContain("components");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer", "Bearer ", "Basic eDp5", "x", "bearer  ", "Bearer \u00ff", "Bearer a b",
			"Bearer ,", "Bearer eyJhbGciOiJub25lIn0.e30." })
	void whatIsNoKeyIsNone(String header) {
		assertThat(this.client.get("/adagrad/sessions", "Authorization", header).status()).isEqualTo(401);
	}

	@Test
	void theSchemeIsReadInAnyCase() {
		assertThat(this.client.get("/adagrad/sessions", "Authorization", "bEARER " + READ).status()).isEqualTo(200);
	}

	@Test
	void aSessionIsDeletedByItsOwnerOrAnAdministrator() {
		for (String path : List.of("/adagrad/sessions/own", "/adagrad/sessions/own-too")) {
			assertThat(call(STEP, "PUT", path, SIZE).status()).isEqualTo(201);
			Answer refused = call(OTHER_STEP, "DELETE", path, "");
			assertThat(refused.status()).isEqualTo(403);
			assertThat(refused.problemCode()).isEqualTo("forbidden");
			assertThat(call(READ, "GET", path, "").status()).isEqualTo(200);
		}
		assertThat(call(STEP, "DELETE", "/adagrad/sessions/own", "").status()).isEqualTo(204);
		assertThat(call(ADMIN, "DELETE", "/adagrad/sessions/own-too", "").status()).isEqualTo(204);
	}

	/// Whatever a stranger asks of a session, the answer is that of a session that never
	/// was, but for its name.
	@Test
	void anotherTenantsSessionIsAsOneThatNeverWas() {
		String here = "/adagrad/sessions/theirs";
		Answer created = call(STEP, "PUT", here, json("{'parameter':[1,2,3],'ttl_seconds':100000}"));
		assertThat(created.status()).isEqualTo(201);
		Answer step = call(STEP, "POST", here + "/step", json("{'grad':[1,1,1]}"), "Idempotency-Key", "k");
		assertThat(step.status()).isEqualTo(200);
		call(READ, "GET", here + "/state", "");
		String tag = step.header("ETag");
		int asked = 0;
		for (String[] headers : new String[][] { {}, { "If-Match", tag }, { "If-None-Match", tag },
				{ "Idempotency-Key", "k" }, { "If-Match", "*" }, { "Accept", "application/vnd.safetensors" } }) {
			for (String[] ask : new String[][] { { "GET", "", "" }, { "GET", "/state", "" },
					{ "GET", "/state?indices=1", "" }, { "GET", "/state?touched=true", "" },
					{ "POST", "/state/lookup", "{'indices':[0]}" }, { "POST", "/step", "{'grad':[1,1,1]}" },
					{ "POST", "/step", "{'indices':[1],'grad':[1]}" },
					{ "POST", "/step", "{'grad':[1,1,1],'parameter':[1,2,3]}" }, { "DELETE", "", "" } }) {
				Answer theirs = call(STRANGER, ask[0], here + ask[1], json(ask[2]), headers);
				Answer nobodys = call(STRANGER, ask[0], "/adagrad/sessions/nobodys" + ask[1], json(ask[2]), headers);
				assertThat(theirs.status()).as("%s %s", String.join(" ", ask), String.join(" ", headers))
					.isEqualTo(nobodys.status())
					.isIn(404, 412, 406);
				assertThat(theirs.body()).isEqualTo(nobodys.body().replace("nobodys", "theirs"));
				assertThat(theirs.header("ETag")).isEqualTo(nobodys.header("ETag"));
				asked++;
			}
		}
		assertThat(asked).isGreaterThan(50);
		assertThat(call(STRANGER, "GET", "/adagrad/sessions?limit=1000", "").body())
			.isEqualTo(json("{'sessions':[],'next':null}"));
		assertThat(call(STRANGER, "GET", "/adagrad/sessions?after=a", "").body()).doesNotContain("theirs");
		assertThat(call(STRANGER, "GET", here, "", "Adagrad-Tenant", "default").status()).isEqualTo(403);
		assertThat(call(STEP, "POST", here + "/step", json("{'grad':[1,1,1]}"), "Idempotency-Key", "k")
			.header("Idempotency-Replayed")).as("nothing has changed").isEqualTo("true");
	}

	@Test
	void oneIdMeansASessionInEachTenant() {
		String path = "/adagrad/sessions/shared-name";
		assertThat(call(STEP, "PUT", path, SIZE).status()).isEqualTo(201);
		assertThat(call(STRANGER, "PUT", path, json("{'parameter':[1,2]}")).status()).isEqualTo(201);
		assertThat(call(STRANGER, "POST", path + "/step", json("{'grad':[1,1]}")).json().get("step").asInt())
			.isEqualTo(1);
		assertThat(call(READ, "GET", path, "").json().get("step").asInt()).isZero();
		assertThat(call(ADMIN, "GET", path, "", "Adagrad-Tenant", "b").json().get("step").asInt()).isEqualTo(1);
		assertThat(call(ADMIN, "GET", "/adagrad/sessions", "", "Adagrad-Tenant", "b").body()).contains("shared-name");
		assertThat(call(ADMIN, "GET", path, "", "Adagrad-Tenant", "../b").problemCode()).isEqualTo("malformed-header");
		assertThat(call(STRANGER, "DELETE", path, "").status()).isEqualTo(204);
		assertThat(call(READ, "GET", path, "").status()).isEqualTo(200);
	}

	@Test
	void metricsNameNeitherTenantsNorSessions() {
		call(STRANGER, "PUT", "/adagrad/sessions/secret-name", SIZE);
		call(NONE, "GET", "/adagrad/sessions/secret-name", "");
		assertThat(call(METRICS, "GET", "/actuator/prometheus", "").body())
			.contains("adagrad_access_refused_total{code=\"unauthorized\"}")
			.doesNotContain("secret-name")
			.doesNotContain("tenant");
	}

}
