package dev.adagrad.step;

import dev.adagrad.wire.Safetensors;
import jakarta.validation.Valid;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// The stateless step over HTTP.
@RestController
class StepController {

	private final StepService service;

	StepController(StepService service) {
		this.service = service;
	}

	@PostMapping(path = "/adagrad/step", consumes = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE },
			produces = { MediaType.APPLICATION_JSON_VALUE, Safetensors.MEDIA_TYPE })
	StepResponse step(@Valid @RequestBody StepRequest request) {
		return this.service.step(request);
	}

}
