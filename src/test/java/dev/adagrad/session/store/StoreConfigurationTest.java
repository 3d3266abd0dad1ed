package dev.adagrad.session.store;

import java.nio.file.Path;

import javax.sql.DataSource;

import dev.adagrad.AdaGradApplication;
import dev.adagrad.TestClient;
import dev.adagrad.session.SessionStore;
import dev.adagrad.session.store.postgresql.PostgresServer;
import dev.adagrad.session.store.postgresql.TcpProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static dev.adagrad.Json.json;
import static dev.adagrad.session.store.Fixtures.await;
import static org.assertj.core.api.Assertions.assertThat;

/// Which store the settings pick, in the whole service, and what readiness says of it.
class StoreConfigurationTest {

	@TempDir
	private Path folder;

	private ConfigurableApplicationContext run(String... properties) {
		return new SpringApplicationBuilder(AdaGradApplication.class)
			.properties("server.port=0", "server.address=127.0.0.1")
			.run(java.util.Arrays.stream(properties).map((property) -> "--" + property).toArray(String[]::new));
	}

	private static TestClient client(ConfigurableApplicationContext service) {
		return new TestClient(((WebServerApplicationContext) service).getWebServer().getPort());
	}

	@Test
	void sqliteByDefault() {
		try (ConfigurableApplicationContext service = run("adagrad.store.path=" + this.folder)) {
			SessionStore store = service.getBean(SessionStore.class);
			store.create(Fixtures.plain("a", 3));
			store.step(Fixtures.id("a"), Fixtures.NO_KEY, Fixtures.addingToAll(1));
			assertThat(this.folder.resolve("adagrad.db")).exists();
			assertThat(service.getBeansOfType(DataSource.class)).isEmpty();
			TestClient client = client(service);
			String metrics = client.get("/actuator/prometheus").body();
			assertThat(metrics).contains(json("adagrad_store_latency_seconds_count{operation='step'} 1"))
				.contains("adagrad_store_batch_count 2");
			assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(200);
			service.getBean(ManagedStore.class).close();
			assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(503);
			assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);
		}
	}

	@Test
	void noneWithoutSessions() {
		try (ConfigurableApplicationContext service = run("adagrad.store.path=" + this.folder.resolve("none"),
				"adagrad.sessions.enabled=false")) {
			assertThat(service.getBeansOfType(SessionStore.class)).isEmpty();
			assertThat(this.folder.resolve("none")).doesNotExist();
			assertThat(client(service).get("/actuator/health/readiness").status()).isEqualTo(200);
		}
	}

	@Test
	void postgresqlWhereItIsAskedFor() {
		PostgresServer.Place place = PostgresServer.shared().newPlace();
		try (TcpProxy away = new TcpProxy("127.0.0.1", PostgresServer.shared().proxy().port())) {
			away.cut();
			String url = place.url().replaceFirst(":\\d+/", ":" + away.port() + "/");
			try (ConfigurableApplicationContext service = run("adagrad.store.kind=postgresql",
					"spring.datasource.url=" + url, "spring.datasource.username=" + place.user(),
					"spring.datasource.password=" + place.password(),
					"adagrad.store.path=" + this.folder.resolve("none"))) {
				TestClient client = client(service);
				assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(503);
				assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);
				assertThat(client.step(json("{'parameter':1,'grad':1,'G':1}")).status()).isEqualTo(200);
				away.restore();
				await(() -> client.get("/actuator/health/readiness").status() == 200);
				service.getBean(SessionStore.class).create(Fixtures.plain("a", 3));
				assertThat(place.sql("SELECT count(*) FROM sessions")).containsExactly(1L);
				assertThat(this.folder.resolve("none")).doesNotExist();
			}
		}
	}

}
