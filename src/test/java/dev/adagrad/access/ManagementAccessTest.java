package dev.adagrad.access;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;

import dev.adagrad.TestClient;
import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Scope;
import dev.adagrad.caller.Tenant;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/// Actuator on a port of its own asks for no key; the port of the service goes on asking.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = { "management.server.port=0",
		"management.endpoints.web.exposure.include=health,info,prometheus,expiredsessions" })
class ManagementAccessTest {

	private static final String METRICS = Key.create(new SecureRandom());

	private static final String READ = Key.create(new SecureRandom());

	@LocalServerPort
	private int port;

	@LocalManagementPort
	private int managementPort;

	@DynamicPropertySource
	static void keys(DynamicPropertyRegistry settings) {
		settings.add("adagrad.access.key-records",
				() -> record(METRICS, "prometheus", Scope.METRICS) + "," + record(READ, "ci", Scope.READ));
	}

	private static String record(String key, String name, Scope scope) {
		return KeyRecord.of(key, new Caller(name, Tenant.DEFAULT, Set.of(scope)), Optional.empty()).toString();
	}

	@Test
	void actuatorIsOnItsOwnPortAlone() {
		TestClient service = new TestClient(this.port);
		TestClient management = new TestClient(this.managementPort);
		for (String path : new String[] { "/actuator", "/actuator/health", "/actuator/prometheus", "/actuator/info",
				"/actuator/expiredsessions" }) {
			assertThat(management.get(path).status()).as("%s on its port", path).isEqualTo(200);
			assertThat(service.get(path, "Authorization", "Bearer " + METRICS).status()).as("%s on the other", path)
				.isEqualTo(404);
		}
		assertThat(service.get("/livez").status()).isEqualTo(200);
		assertThat(service.get("/readyz").body()).doesNotContain("components");
		assertThat(service.get("/adagrad/sessions").status()).isEqualTo(401);
		assertThat(service.get("/adagrad/sessions", "Authorization", "Bearer " + READ).status()).isEqualTo(200);
	}

	@Test
	void theDetailsOfHealthNeedTheScopeAllTheSame() {
		TestClient management = new TestClient(this.managementPort);
		assertThat(management.get("/actuator/health").body()).doesNotContain("components");
		assertThat(management.get("/actuator/health", "Authorization", "Bearer " + READ).body())
			.doesNotContain("components");
		assertThat(management.get("/actuator/health", "Authorization", "Bearer " + METRICS).body())
			.contains("components");
		assertThat(management.get("/actuator/health", "Authorization", "Bearer x").status()).isEqualTo(401);
	}

}
