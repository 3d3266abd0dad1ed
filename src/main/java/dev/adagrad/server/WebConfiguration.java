package dev.adagrad.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.adagrad.wire.JsonMessageConverter;
import dev.adagrad.wire.Limits;
import dev.adagrad.wire.SafetensorsMessageConverter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.validation.Validator;

import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.filter.RequestContextFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/// Spring MVC: the formats of messages, and the interceptors of every request.
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

	private final LimitsProperties limits;

	private final MeterRegistry meters;

	private final JsonMessageConverter json;

	private final SafetensorsMessageConverter safetensors;

	WebConfiguration(LimitsProperties limits, MeterRegistry meters) {
		this.limits = limits;
		this.meters = meters;
		Limits ofMessages = limits(limits);
		this.json = new JsonMessageConverter(ofMessages);
		this.safetensors = new SafetensorsMessageConverter(ofMessages);
	}

	/// The limits for the readers of messages.
	@Bean
	static Limits limits(LimitsProperties properties) {
		return new Limits(properties.maxRequestSize().toBytes(), properties.maxElements(),
				properties.maxSessionElements());
	}

	@Override
	public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
		builder.addCustomConverter(TracedConverter.of(this.json, "json"));
		builder.addCustomConverter(TracedConverter.of(this.safetensors, "safetensors"));
	}

	@Bean
	MessageArguments messageArguments(Validator validator) {
		return new MessageArguments(this.json, this.safetensors, this.limits.pace(), validator);
	}

	/// Turns off the filter that stores each request, and the language of its client,
	/// for the request's thread. The dispatcher does that too, and there is only one
	/// language.
	@Bean
	FilterRegistrationBean<RequestContextFilter> noRequestContextFilter() {
		FilterRegistrationBean<RequestContextFilter> registration = new FilterRegistrationBean<>(
				new RequestContextFilter());
		registration.setEnabled(false);
		return registration;
	}

	/// Makes Spring ask our resolvers before its own.
	@Bean
	WebMvcRegistrations ownArguments(List<HandlerMethodArgumentResolver> ours) {
		return new WebMvcRegistrations() {
			@Override
			public RequestMappingHandlerAdapter getRequestMappingHandlerAdapter() {
				return new RequestMappingHandlerAdapter() {
					@Override
					public void afterPropertiesSet() {
						super.afterPropertiesSet();
						List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>(ours);
						resolvers.addAll(Objects.requireNonNullElse(getArgumentResolvers(), List.of()));
						setArgumentResolvers(resolvers);
					}
				};
			}
		};
	}

	@Override
	public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
		configurer.strategies(List.of(new AcceptStrategy("/adagrad/")));
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		// first, so that it counts what the others refuse
		registry.addInterceptor(CallMetrics.ofSteps(this.meters)).addPathPatterns("/adagrad/step");
		registry.addInterceptor(CallMetrics.ofSessions(this.meters)).addPathPatterns("/adagrad/sessions/**");
		registry.addInterceptor(new QueryInterceptor()).addPathPatterns("/adagrad/**");
		registry.addInterceptor(new BodyInterceptor(this.limits.maxRequestSize().toBytes()))
			.addPathPatterns("/adagrad/**");
	}

}
