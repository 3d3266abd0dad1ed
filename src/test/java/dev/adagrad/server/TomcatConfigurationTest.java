package dev.adagrad.server;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// What Tomcat is told beyond Spring Boot's settings.
class TomcatConfigurationTest {

	@Test
	void connectionsTakeAnEighthOfWhatTheHeapHasForRequests() {
		long heapBytes = Runtime.getRuntime().maxMemory();
		assertThat(heapBytes).isGreaterThan(1 << 30);
		long room = (heapBytes - (48 << 20)) / 8;
		assertThat(maxConnections(Integer.MAX_VALUE, false)).isEqualTo((int) (room / (64 * 1024)));
		assertThat(maxConnections(Integer.MAX_VALUE, true)).isEqualTo((int) (room / (106 * 1024)));
		assertThat(maxConnections(10, false)).isEqualTo(10);
	}

	private static int maxConnections(int set, boolean secure) {
		PatientProtocol http = new PatientProtocol();
		http.setMaxConnections(set);
		TomcatConfiguration.bufferDirectly(http, secure);
		return http.getMaxConnections();
	}

}
