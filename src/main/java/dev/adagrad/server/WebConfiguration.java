package dev.adagrad.server;

import java.util.List;

import dev.adagrad.session.SessionMetrics;
import dev.adagrad.step.StepMetrics;
import dev.adagrad.wire.JsonMessageConverter;
import dev.adagrad.wire.Limits;
import dev.adagrad.wire.SafetensorsMessageConverter;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Spring MVC: the formats of messages, and what looks at every request.
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

	private final LimitsProperties limits;

	private final StepMetrics stepMetrics;

	private final SessionMetrics sessionMetrics;

	private final AdmissionInterceptor admission;

	private final RequestSpool spool;

	WebConfiguration(LimitsProperties limits, StepMetrics stepMetrics, SessionMetrics sessionMetrics,
			AdmissionInterceptor admission, RequestSpool spool) {
		this.limits = limits;
		this.stepMetrics = stepMetrics;
		this.sessionMetrics = sessionMetrics;
		this.admission = admission;
		this.spool = spool;
	}

	/// How much a reader of the wire takes in.
	@Bean
	static Limits limits(LimitsProperties properties) {
		return new Limits(properties.maxRequestSize().toBytes(), properties.maxElements());
	}

	@Override
	public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
		builder.addCustomConverter(new JsonMessageConverter(limits(this.limits), this.spool));
		builder.addCustomConverter(new SafetensorsMessageConverter(limits(this.limits), this.spool));
	}

	@Override
	public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
		configurer.strategies(List.of(new AcceptStrategy("/adagrad/")));
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		// first, so that it counts what the others refuse
		registry.addInterceptor(this.stepMetrics).addPathPatterns("/adagrad/step");
		registry.addInterceptor(this.sessionMetrics).addPathPatterns("/adagrad/sessions/**");
		registry.addInterceptor(new BodyInterceptor(this.limits.maxRequestSize().toBytes()))
			.addPathPatterns("/adagrad/**");
		registry.addInterceptor(this.admission).addPathPatterns("/adagrad/**");
		registry.addInterceptor(this.spool).addPathPatterns("/adagrad/**");
	}

	@Override
	public void addViewControllers(ViewControllerRegistry registry) {
		registry.addRedirectViewController("/", "/swagger-ui.html");
	}

}
