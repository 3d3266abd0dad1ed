package floors;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/// What the service's own server costs at the least: its Tomcat and its Spring MVC around as little work as can be.
@RestController
class FloorsController {

	private static final byte[] CONSTANT = """
			{"parameter":[0.9900000009999999,1.9900000005,2.990000000333333],\
			"G":[0.010000000000000002,0.04000000000000001,0.09]}""".getBytes(StandardCharsets.UTF_8);

	/// Answers what a step of three elements does, whatever it is sent.
	@PostMapping(path = "/floors/constant", produces = MediaType.APPLICATION_JSON_VALUE)
	byte[] constant() {
		return CONSTANT;
	}

	/// Reads the whole body into memory, and sends 16 of every 24 bytes back: as much as a step moves over the wire. Past
	/// Spring's converters, which copy.
	@PostMapping("/floors/echo")
	void echo(HttpServletRequest request, HttpServletResponse response) throws IOException {
		byte[] body = new byte[request.getContentLength()];
		int read = request.getInputStream().readNBytes(body, 0, body.length);
		int answered = read / 24 * 16;
		response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
		response.setContentLength(answered);
		response.getOutputStream().write(body, 0, answered);
	}

	/// A step as one writes it in five minutes: records bound by Jackson, and a loop.
	@PostMapping("/floors/record")
	Answer step(@RequestBody Step step) {
		int size = step.parameter.length;
		if (step.grad.length != size || step.G.length != size) {
			throw new ResponseStatusException(HttpStatus.UNPROCESSABLE_CONTENT,
					"parameter, grad and G differ in length");
		}
		double learningRate = (step.learningRate != null) ? step.learningRate : 0.01;
		double epsilon = (step.epsilon != null) ? step.epsilon : 1e-8;
		double[] parameter = new double[size];
		double[] G = new double[size];
		for (int i = 0; i < size; i++) {
			G[i] = step.G[i] + step.grad[i] * step.grad[i];
			parameter[i] = step.parameter[i] - learningRate * step.grad[i] / (Math.sqrt(G[i]) + epsilon);
		}
		return new Answer(parameter, G);
	}

	@SuppressWarnings("ArrayRecordComponent")
	record Step(double[] parameter, double[] grad, @JsonProperty("G") double[] G,
			@JsonProperty("learning_rate") @Nullable Double learningRate, @Nullable Double epsilon) {
	}

	@SuppressWarnings("ArrayRecordComponent")
	record Answer(double[] parameter, @JsonProperty("G") double[] G) {
	}

}
