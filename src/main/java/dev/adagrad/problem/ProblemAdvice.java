package dev.adagrad.problem;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.adagrad.kernel.NonFiniteResultException;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Excerpt;
import dev.adagrad.refusal.Place;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.FieldViolation;
import dev.adagrad.request.Outcome;
import dev.adagrad.wire.MessagePointer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import org.hibernate.validator.engine.HibernateConstraintViolation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/// Turns what the features and Spring throw into problems. Each method handles one kind of exception.
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemAdvice {

	private static final Logger logger = LoggerFactory.getLogger(ProblemAdvice.class);

	private final KnownPaths paths;

	ProblemAdvice(KnownPaths paths) {
		this.paths = paths;
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> refused(Refusal refusal, HttpServletRequest request) {
		if (refusal.isReported()) {
			// one log line each: there may be many of them until the store is back
			logger.atLevel((refusal.code() == Code.STORE_DAMAGED) ? Level.ERROR : Level.WARN)
				.log("{} {}: {}", request.getMethod(), request.getRequestURI(), refusal.getMessage());
			logger.debug("reported above", refusal);
		}
		return answer(request, refusal);
	}

	/// A stream broke: that of the body, or that of an answer. In the latter case the
	/// client is gone, and nobody can be told.
	@ExceptionHandler
	@Nullable ResponseEntity<ProblemDetail> brokenStream(IOException ex, HttpServletRequest request,
			HttpServletResponse response) {
		logger.debug("{} {} broke off", request.getMethod(), request.getRequestURI(), ex);
		if (response.isCommitted()) {
			Outcome.tell(request, Outcome.CLIENT_GONE);
			return null;
		}
		return answer(request, ForeignRefusals.unreadBody(request.getContentType(), "the body breaks off"));
	}

	/// Handles a body that our own code does not read, such as a level for Actuator's
	/// loggers.
	@ExceptionHandler
	ResponseEntity<ProblemDetail> notReadable(HttpMessageNotReadableException ex, HttpServletRequest request) {
		return answer(request,
				ForeignRefusals.unreadBody(request.getContentType(), "the body is not what is read here"));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> nonFinite(NonFiniteResultException ex, HttpServletRequest request) {
		String of = ex.name().isEmpty() ? "" : " of " + ex.name();
		String where = ex.isOfTheWholeStep() ? ", which metrics ask for," : "[" + ex.index() + "]" + of;
		Refusal refusal = Refusal
			.of(Code.NON_FINITE_RESULT, ex.tensorName() + where + " would be " + ex.value() + "; nothing was changed")
			.with("tensor", ex.tensorName());
		if (!ex.isOfTheWholeStep()) {
			refusal = refusal.with("index", ex.index());
		}
		return answer(request, ex.name().isEmpty() ? refusal : refusal.with("name", ex.name()));
	}

	/// Missing fields, ranges and lengths: everything that Bean Validation found, in the
	/// order of the pointers.
	@ExceptionHandler
	ResponseEntity<ProblemDetail> notValid(ConstraintViolationException ex, HttpServletRequest request) {
		List<Place> errors = new ArrayList<>();
		Map<String, Integer> lengths = new LinkedHashMap<>();
		boolean onlyLengths = true;
		for (ConstraintViolation<?> found : ex.getConstraintViolations()) {
			FieldViolation violation = ofOurs(found);
			errors.add(toPlace(found, violation));
			lengths.putAll(violation.lengths());
			onlyLengths &= !violation.lengths().isEmpty();
		}
		errors.sort(Comparator.comparing(Place::pointer).thenComparing(Place::detail));
		return answer(request, onlyLengths ? Refusal.lengths(errors, lengths) : Refusal.at(Code.INVALID_FIELD, errors));
	}

	private static FieldViolation ofOurs(ConstraintViolation<?> found) {
		HibernateConstraintViolation<?> violation = found.unwrap(HibernateConstraintViolation.class);
		FieldViolation ours = violation.getDynamicPayload(FieldViolation.class);
		return (ours != null) ? ours : new FieldViolation("", "", Map.of());
	}

	private static Place toPlace(ConstraintViolation<?> found, FieldViolation violation) {
		MessagePointer pointer = new MessagePointer(found.getRootBeanClass());
		for (Path.Node node : found.getPropertyPath()) {
			if (node.getKey() instanceof String name) {
				pointer.key(name);
			}
			if (node.getKind() == ElementKind.PROPERTY && node.getName() != null) {
				pointer.component(node.getName());
			}
		}
		String detail = (found.getInvalidValue() instanceof Number number) ? found.getMessage() + ", was " + number
				: found.getMessage();
		return new Place(pointer + violation.pointer(), violation.detail().isEmpty() ? detail : violation.detail());
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> notFound(NoResourceFoundException ex, HttpServletRequest request) {
		String hint = this.paths.near(request.getRequestURI().substring(request.getContextPath().length()))
			.map((path) -> "; did you mean " + request.getContextPath() + path + "?")
			.orElse("");
		return answer(request, Refusal.of(Code.NOT_FOUND,
				"there is nothing at " + Excerpt.cut(request.getRequestURI(), Excerpt.NAME) + hint));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> methodNotAllowed(HttpRequestMethodNotSupportedException ex,
			HttpServletRequest request) {
		String allowed = allowed(ex.getSupportedHttpMethods());
		return answer(request,
				Refusal
					.of(Code.METHOD_NOT_ALLOWED,
							request.getRequestURI() + " takes " + allowed + ", not " + ex.getMethod())
					.withHeader(HttpHeaders.ALLOW, allowed));
	}

	/// The methods that controllers name, and those that Spring answers by itself.
	private static String allowed(@Nullable Set<HttpMethod> named) {
		Set<RequestMethod> methods = EnumSet.of(RequestMethod.OPTIONS);
		for (RequestMethod method : RequestMethod.values()) {
			if (named != null && named.contains(method.asHttpMethod())) {
				methods.add(method);
			}
		}
		if (methods.contains(RequestMethod.GET)) {
			methods.add(RequestMethod.HEAD);
		}
		return methods.stream().map(RequestMethod::name).collect(Collectors.joining(", "));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> unsupportedMediaType(HttpMediaTypeNotSupportedException ex,
			HttpServletRequest request) {
		String given = request.getContentType();
		String supported = ex.getSupportedMediaTypes()
			.stream()
			.distinct()
			.map((type) -> type.equals(MediaType.APPLICATION_JSON) ? type + ", in UTF-8" : type.toString())
			.collect(Collectors.joining(", or "));
		String detail = (given != null) ? "Content-Type " + given + " is not read here; send " + supported
				: "a Content-Type is missing; send " + supported;
		return answer(request, withHeaders(Refusal.of(Code.UNSUPPORTED_MEDIA_TYPE, detail), ex.getHeaders()));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> notAcceptable(HttpMediaTypeNotAcceptableException ex, HttpServletRequest request) {
		String accept = request.getHeader(HttpHeaders.ACCEPT);
		try {
			MediaType.parseMediaTypes(accept);
		}
		catch (InvalidMediaTypeException invalid) {
			return answer(request,
					Refusal.of(Code.MALFORMED_HEADER, "Accept \"" + accept + "\" is not a list of media types"));
		}
		String formats = ex.getSupportedMediaTypes()
			.stream()
			.map(MediaType::toString)
			.distinct()
			.collect(Collectors.joining(", "));
		return answer(request, Refusal.of(Code.NOT_ACCEPTABLE, "Accept " + accept + " leaves out " + formats));
	}

	/// Everything else: what Spring itself refuses carries a status; the rest is our
	/// bug.
	@ExceptionHandler
	ResponseEntity<ProblemDetail> other(Exception ex, HttpServletRequest request) {
		if (ex.getCause() instanceof OutOfMemoryError error) {
			// the request holds no memory once it is refused
			logger.warn("no memory for a request of {} bytes: {}", request.getContentLengthLong(), error.getMessage());
			return answer(request, Refusal.of(Code.OVERLOADED, "there is no memory left for this request now"));
		}
		if (ForeignRefusals.isMalformedHeader(ex)) {
			return answer(request, ForeignRefusals.of(Code.MALFORMED_HEADER));
		}
		if (ex instanceof ErrorResponse refusal && refusal.getStatusCode().is4xxClientError()) {
			return answer(request,
					withHeaders(ForeignRefusals.of(refusal.getStatusCode().value(), ex), refusal.getHeaders()));
		}
		logger.error("{} {} failed", request.getMethod(), request.getRequestURI(), ex);
		return answer(request, ForeignRefusals.of(Code.INTERNAL_ERROR));
	}

	private static Refusal withHeaders(Refusal refusal, HttpHeaders headers) {
		Refusal answered = refusal;
		for (Map.Entry<String, List<String>> header : headers.headerSet()) {
			answered = answered.withHeader(header.getKey(), String.join(", ", header.getValue()));
		}
		return answered;
	}

	private static ResponseEntity<ProblemDetail> answer(HttpServletRequest request, Refusal refusal) {
		Outcome.tell(request, refusal.code().code());
		return ProblemBody.answer(refusal, request);
	}

}
