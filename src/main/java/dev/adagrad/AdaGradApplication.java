package dev.adagrad;

import java.util.TimeZone;

import dev.adagrad.access.KeysCommand;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JndiDataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.XADataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.web.OAuth2ResourceServerWebSecurityAutoConfiguration;

/// The AdaGrad service: starts the HTTP server. With `keys` as its first argument it makes or lists keys instead.
///
/// Spring Boot makes no DataSource by itself: only the store of sessions makes one, if it needs it. Nor does it make
/// passwords and rules of access: `access` does.
@SpringBootApplication(exclude = { DataSourceAutoConfiguration.class,
		DataSourceHealthContributorAutoConfiguration.class, DataSourceInitializationAutoConfiguration.class,
		DataSourceTransactionManagerAutoConfiguration.class, JdbcClientAutoConfiguration.class,
		JdbcTemplateAutoConfiguration.class, JndiDataSourceAutoConfiguration.class, XADataSourceAutoConfiguration.class,
		ManagementWebSecurityAutoConfiguration.class, OAuth2ResourceServerAutoConfiguration.class,
		OAuth2ResourceServerWebSecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class,
		UserDetailsServiceAutoConfiguration.class })
@ConfigurationPropertiesScan
public class AdaGradApplication {

	public static void main(String[] args) {
		if (args.length > 0 && args[0].equals(KeysCommand.NAME)) {
			System.exit(KeysCommand.run(args));
		}
		LastResort.install();
		// pgjdbc tells the server the JVM's zone, and the server ends the connection if
		// it does not know that zone. Nothing here depends on a zone
		TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
		SpringApplication.run(AdaGradApplication.class, args);
	}

}
