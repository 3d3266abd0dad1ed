package floors;

import dev.adagrad.AdaGradApplication;

import org.springframework.boot.SpringApplication;

/// The service, with the floors of the benchmark in the same server: what `src/bench/step` starts.
///
/// Its package lies outside of the service's, so that nothing but this class finds the floors: not the tests, which see
/// these classes too where the profile `bench` is on.
public final class FloorsApplication {

	private FloorsApplication() {
	}

	public static void main(String[] args) {
		new SpringApplication(AdaGradApplication.class, FloorsController.class).run(args);
	}

}
