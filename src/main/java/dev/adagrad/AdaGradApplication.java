package dev.adagrad;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/// The AdaGrad service: starts the HTTP server.
@SpringBootApplication
@ConfigurationPropertiesScan
public class AdaGradApplication {

	public static void main(String[] args) {
		SpringApplication.run(AdaGradApplication.class, args);
	}

}
