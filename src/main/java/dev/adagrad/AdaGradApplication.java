package dev.adagrad;

import java.util.TimeZone;

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

/// The AdaGrad service: starts the HTTP server.
///
/// Spring Boot makes no DataSource by itself: only the store of sessions makes one, if it needs it.
@SpringBootApplication(
		exclude = { DataSourceAutoConfiguration.class, DataSourceHealthContributorAutoConfiguration.class,
				DataSourceInitializationAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
				JdbcClientAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
				JndiDataSourceAutoConfiguration.class, XADataSourceAutoConfiguration.class })
@ConfigurationPropertiesScan
public class AdaGradApplication {

	public static void main(String[] args) {
		LastResort.install();
		// pgjdbc tells the server the JVM's zone, and the server ends the connection if
		// it does not know that zone. Nothing here depends on a zone
		TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
		SpringApplication.run(AdaGradApplication.class, args);
	}

}
