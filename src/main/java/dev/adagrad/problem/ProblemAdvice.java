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
import dev.adagrad.server.RequestTimeoutException;
import dev.adagrad.server.UnsupportedContentEncodingException;
import dev.adagrad.request.FieldViolation;
import dev.adagrad.request.InvalidRequestException;
import dev.adagrad.request.LengthMismatchException;
import dev.adagrad.request.MalformedHeaderException;
import dev.adagrad.request.Outcome;
import dev.adagrad.session.IdempotencyKeyReusedException;
import dev.adagrad.session.SessionBusyException;
import dev.adagrad.session.SessionExistsException;
import dev.adagrad.session.SessionNotFoundException;
import dev.adagrad.session.StepMismatchException;
import dev.adagrad.session.StepSupersededException;
import dev.adagrad.session.StoreDamagedException;
import dev.adagrad.session.StoreFullException;
import dev.adagrad.session.StoreUnavailableException;
import dev.adagrad.spool.OverloadedException;
import dev.adagrad.spool.SpoolFullException;
import dev.adagrad.wire.IndexOutOfRangeException;
import dev.adagrad.wire.InvalidFieldException;
import dev.adagrad.wire.MalformedBodyException;
import dev.adagrad.wire.MalformedFileException;
import dev.adagrad.wire.MessageType;
import dev.adagrad.wire.TooLargeException;
import dev.adagrad.wire.WrongDTypeException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import org.hibernate.validator.engine.HibernateConstraintViolation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

/// Turns what the features and Spring throw into problems. Each method is one kind of exception.
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemAdvice {

	private static final Logger logger = LoggerFactory.getLogger(ProblemAdvice.class);

	/// Seconds after which a refused request may fit: those under way then take a
	/// second or two at most.
	private static final String RETRY_AFTER_SECONDS = "1";

	@ExceptionHandler
	ResponseEntity<ProblemDetail> malformedBody(MalformedBodyException ex, HttpServletRequest request) {
		return answer(request, ProblemAnswer.malformedBody(ex.detail(), ex.line(), ex.column()));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> malformedFile(MalformedFileException ex, HttpServletRequest request) {
		return answer(request, ProblemAnswer.malformedFile(ex.detail(), ex.offset()));
	}

	/// A stream broke: that of the body, or that of an answer whose client is gone,
	/// which nobody can be told of.
	@ExceptionHandler
	@Nullable ResponseEntity<ProblemDetail> brokenStream(IOException ex, HttpServletRequest request,
			HttpServletResponse response) {
		logger.debug("{} {} broke off", request.getMethod(), request.getRequestURI(), ex);
		if (response.isCommitted()) {
			Outcome.tell(request, Outcome.CLIENT_GONE);
			return null;
		}
		return answer(request, ProblemAnswer.unreadBody(request.getContentType(), "the body breaks off"));
	}

	/// Of a body that is none of ours, such as a level for Actuator's loggers.
	@ExceptionHandler
	ResponseEntity<ProblemDetail> notReadable(HttpMessageNotReadableException ex, HttpServletRequest request) {
		return answer(request, ProblemAnswer.unreadBody(request.getContentType(), "the body is not what is read here"));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> invalidField(InvalidFieldException ex, HttpServletRequest request) {
		return answer(request,
				ProblemAnswer.ofErrors(Problem.INVALID_FIELD, List.of(new FieldProblem(ex.pointer(), ex.detail()))));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> wrongDType(WrongDTypeException ex, HttpServletRequest request) {
		return answer(request,
				ProblemAnswer.ofErrors(Problem.DTYPE_MISMATCH, List.of(new FieldProblem(ex.pointer(), ex.detail()))));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> tooLarge(TooLargeException ex, HttpServletRequest request) {
		return answer(request,
				ProblemAnswer.of(Problem.TOO_LARGE, String.valueOf(ex.getMessage()), Map.of("limit", ex.limit())));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> nonFinite(NonFiniteResultException ex, HttpServletRequest request) {
		Map<String, Object> place = new LinkedHashMap<>();
		place.put("tensor", ex.tensorName());
		place.put("index", ex.index());
		return answer(request, ProblemAnswer.of(Problem.NON_FINITE_RESULT,
				ex.tensorName() + "[" + ex.index() + "] would be " + ex.value() + "; nothing was changed", place));
	}

	/// Missing fields, ranges and lengths: all that Bean Validation found, in the order
	/// of the pointers.
	@ExceptionHandler
	ResponseEntity<ProblemDetail> notValid(ConstraintViolationException ex, HttpServletRequest request) {
		List<FieldProblem> errors = new ArrayList<>();
		Map<String, Integer> lengths = new LinkedHashMap<>();
		boolean onlyLengths = true;
		for (ConstraintViolation<?> found : ex.getConstraintViolations()) {
			FieldViolation violation = ofOurs(found);
			errors.add(toFieldProblem(found, violation));
			lengths.putAll(violation.lengths());
			onlyLengths &= !violation.lengths().isEmpty();
		}
		errors.sort(Comparator.comparing(FieldProblem::pointer).thenComparing(FieldProblem::detail));
		if (!onlyLengths) {
			return answer(request, ProblemAnswer.ofErrors(Problem.INVALID_FIELD, errors));
		}
		return answer(request, ProblemAnswer.lengthMismatch(errors, lengths));
	}

	private static FieldViolation ofOurs(ConstraintViolation<?> found) {
		HibernateConstraintViolation<?> violation = found.unwrap(HibernateConstraintViolation.class);
		FieldViolation ours = violation.getDynamicPayload(FieldViolation.class);
		return (ours != null) ? ours : new FieldViolation("", "", Map.of());
	}

	private static FieldProblem toFieldProblem(ConstraintViolation<?> found, FieldViolation violation) {
		String component = found.getPropertyPath().toString();
		String property = component.isEmpty() ? "" : "/" + MessageType.wireName(found.getRootBeanClass(), component);
		String detail = (found.getInvalidValue() instanceof Number number) ? found.getMessage() + ", was " + number
				: found.getMessage();
		return new FieldProblem(property + violation.pointer(),
				violation.detail().isEmpty() ? detail : violation.detail());
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> notFound(NoResourceFoundException ex, HttpServletRequest request) {
		return answer(request, ProblemAnswer.of(Problem.NOT_FOUND, "there is nothing at " + request.getRequestURI()));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> methodNotAllowed(HttpRequestMethodNotSupportedException ex,
			HttpServletRequest request) {
		String allowed = allowed(ex.getSupportedHttpMethods());
		return answer(request,
				ProblemAnswer.of(Problem.METHOD_NOT_ALLOWED,
						request.getRequestURI() + " takes " + allowed + ", not " + ex.getMethod(),
						header(HttpHeaders.ALLOW, allowed)));
	}

	/// The methods that controllers name, and those that Spring answers for them.
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
		return answer(request, ProblemAnswer.of(Problem.UNSUPPORTED_MEDIA_TYPE, detail, ex.getHeaders()));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> unsupportedContentEncoding(UnsupportedContentEncodingException ex,
			HttpServletRequest request) {
		return answer(request, ProblemAnswer.of(Problem.UNSUPPORTED_MEDIA_TYPE, String.valueOf(ex.getMessage()),
				header(HttpHeaders.ACCEPT_ENCODING, "identity")));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> notAcceptable(HttpMediaTypeNotAcceptableException ex, HttpServletRequest request) {
		String accept = request.getHeader(HttpHeaders.ACCEPT);
		if (!isMediaTypes(accept)) {
			return answer(request, ProblemAnswer.of(Problem.MALFORMED_HEADER,
					"Accept \"" + accept + "\" is not a list of media types"));
		}
		return answer(request, ProblemAnswer.of(Problem.NOT_ACCEPTABLE,
				"Accept " + accept + " leaves out " + join(ex.getSupportedMediaTypes())));
	}

	private static boolean isMediaTypes(String accept) {
		try {
			MediaType.parseMediaTypes(accept);
			return true;
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	private static String join(List<MediaType> types) {
		return types.stream().map(MediaType::toString).distinct().collect(Collectors.joining(", "));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> overloaded(OverloadedException ex, HttpServletRequest request) {
		return overloaded(String.valueOf(ex.getMessage()), request);
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> requestTimeout(RequestTimeoutException ex, HttpServletRequest request) {
		return answer(request, ProblemAnswer.slowBody());
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> malformedHeader(MalformedHeaderException ex, HttpServletRequest request) {
		return answer(request, ProblemAnswer.of(Problem.MALFORMED_HEADER, String.valueOf(ex.getMessage())));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> invalidRequest(InvalidRequestException ex, HttpServletRequest request) {
		return answer(request, ProblemAnswer.of(Problem.INVALID_FIELD, String.valueOf(ex.getMessage())));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> lengthMismatch(LengthMismatchException ex, HttpServletRequest request) {
		return answer(request,
				ProblemAnswer.lengthMismatch(List.of(new FieldProblem(ex.pointer(), ex.detail())), ex.lengths()));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> indexOutOfRange(IndexOutOfRangeException ex, HttpServletRequest request) {
		return answer(request, ProblemAnswer.ofErrors(Problem.INDEX_OUT_OF_RANGE,
				List.of(new FieldProblem(ex.pointer(), ex.detail()))));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> sessionNotFound(SessionNotFoundException ex, HttpServletRequest request) {
		return answer(request, ProblemAnswer.of(Problem.SESSION_NOT_FOUND, String.valueOf(ex.getMessage())));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> sessionExists(SessionExistsException ex, HttpServletRequest request) {
		return answer(request, ProblemAnswer.of(Problem.SESSION_EXISTS, String.valueOf(ex.getMessage())));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> stepMismatch(StepMismatchException ex, HttpServletRequest request) {
		return answer(request,
				new ProblemAnswer(Problem.STEP_MISMATCH, String.valueOf(ex.getMessage()),
						ex.step().<Map<String, Object>>map((step) -> Map.of("step", step)).orElse(Map.of()),
						ex.entityTag().map((tag) -> header(HttpHeaders.ETAG, tag)).orElse(HttpHeaders.EMPTY)));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> stepSuperseded(StepSupersededException ex, HttpServletRequest request) {
		Map<String, Object> steps = new LinkedHashMap<>();
		steps.put("applied_step", ex.appliedStep());
		steps.put("step", ex.step());
		return answer(request, new ProblemAnswer(Problem.STEP_SUPERSEDED, String.valueOf(ex.getMessage()), steps,
				header(HttpHeaders.ETAG, ex.entityTag())));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> idempotencyKeyReused(IdempotencyKeyReusedException ex, HttpServletRequest request) {
		return answer(request, ProblemAnswer.of(Problem.IDEMPOTENCY_KEY_REUSED, String.valueOf(ex.getMessage()),
				Map.of("applied_step", ex.appliedStep())));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> sessionBusy(SessionBusyException ex, HttpServletRequest request) {
		return answer(request, ProblemAnswer.of(Problem.SESSION_BUSY, String.valueOf(ex.getMessage()),
				header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> storeUnavailable(StoreUnavailableException ex, HttpServletRequest request) {
		// one line each: there may be many of them until the store is back
		logger.warn("{} {}: {}", request.getMethod(), request.getRequestURI(), ex.getMessage());
		logger.debug("the store is unavailable", ex);
		return answer(request, ProblemAnswer.of(Problem.STORE_UNAVAILABLE,
				ex.isNotApplied() ? "the store of the sessions cannot be used now; this call was not applied"
						: "the store of the sessions does not answer; whether this call was applied is not known",
				header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> storeDamaged(StoreDamagedException ex, HttpServletRequest request) {
		logger.error("{} {}: {}", request.getMethod(), request.getRequestURI(), ex.getMessage());
		logger.debug("the store is damaged", ex);
		return answer(request, ProblemAnswer.of(Problem.STORE_DAMAGED,
				"what is stored of this session is not what was written; nothing of it is served"));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> storeFull(StoreFullException ex, HttpServletRequest request) {
		logger.warn("{} {}: {}", request.getMethod(), request.getRequestURI(), ex.getMessage());
		return answer(request, ProblemAnswer.of(Problem.STORE_FULL, String.valueOf(ex.getMessage())));
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> spoolFull(SpoolFullException ex, HttpServletRequest request) {
		if (ex.isBound()) {
			logger.debug("{} {}: {}", request.getMethod(), request.getRequestURI(), ex.getMessage());
		}
		else {
			logger.warn("{} {}: {} ({})", request.getMethod(), request.getRequestURI(), ex.getMessage(),
					String.valueOf(ex.getCause()));
		}
		return answer(request, ProblemAnswer.of(Problem.STORE_FULL, ex.getMessage() + "; nothing was changed"));
	}

	private static HttpHeaders header(String name, String value) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(name, value);
		return headers;
	}

	/// Everything else: what Spring itself refuses says so by its status, the rest is a
	/// bug of ours.
	@ExceptionHandler
	ResponseEntity<ProblemDetail> other(Exception ex, HttpServletRequest request) {
		if (ex.getCause() instanceof OutOfMemoryError error) {
			return outOfMemory(error, request);
		}
		if (Problem.isMalformedHeader(ex)) {
			return answer(request, ProblemAnswer.of(Problem.MALFORMED_HEADER, Problem.MALFORMED_HEADER.meaning()));
		}
		if (ex instanceof ErrorResponse refusal && refusal.getStatusCode().is4xxClientError()) {
			Problem problem = Problem.ofStatus(refusal.getStatusCode().value());
			return answer(request, ProblemAnswer.of(problem, problem.meaning(), refusal.getHeaders()));
		}
		logger.error("{} {} failed", request.getMethod(), request.getRequestURI(), ex);
		return answer(request, ProblemAnswer.of(Problem.INTERNAL_ERROR, Problem.INTERNAL_ERROR.meaning()));
	}

	/// A request for which the heap has no room: it holds nothing any more once it is
	/// refused.
	private static ResponseEntity<ProblemDetail> outOfMemory(OutOfMemoryError error, HttpServletRequest request) {
		logger.warn("no memory for a request of {} bytes: {}", request.getContentLengthLong(), error.getMessage());
		return overloaded("there is no memory left for this request now", request);
	}

	private static ResponseEntity<ProblemDetail> overloaded(String detail, HttpServletRequest request) {
		return answer(request,
				ProblemAnswer.of(Problem.OVERLOADED, detail, header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)));
	}

	private static ResponseEntity<ProblemDetail> answer(HttpServletRequest request, ProblemAnswer answer) {
		Outcome.tell(request, answer.problem().code());
		return answer.toResponse(request);
	}

}
