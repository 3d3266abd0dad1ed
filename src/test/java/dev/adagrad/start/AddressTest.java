package dev.adagrad.start;

import java.net.InetAddress;
import java.net.UnknownHostException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

import static org.assertj.core.api.Assertions.assertThat;

class AddressTest {

	private final ServerProperties server = new ServerProperties();

	@Test
	void byDefaultTheServiceIsOnThisMachine() {
		assertThat(Address.of(this.server, 8080)).isEqualTo("http://localhost:8080/");
	}

	@ParameterizedTest
	@CsvSource({ "0.0.0.0, localhost", "127.0.0.1, localhost", "192.0.2.7, 192.0.2.7",
			"2001:db8::7, [2001:db8:0:0:0:0:0:7]" })
	void whereItListensOnOneAddressThatIsNamed(String bound, String host) throws UnknownHostException {
		this.server.setAddress(InetAddress.getByName(bound));
		assertThat(Address.of(this.server, 80)).isEqualTo("http://" + host + ":80/");
	}

	@Test
	void tlsAndAPrefixStandInIt() {
		this.server.setSsl(Ssl.forBundle("web"));
		this.server.getServlet().setContextPath("/optimizer");
		assertThat(Address.of(this.server, 8443)).isEqualTo("https://localhost:8443/optimizer/");
	}

}
