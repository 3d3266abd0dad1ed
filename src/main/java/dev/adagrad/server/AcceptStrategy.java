package dev.adagrad.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.adagrad.wire.Safetensors;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.context.request.NativeWebRequest;

/// Reads the Accept header as Spring does, with two differences. First, `q=0`, which Spring overlooks, means that a
/// type is not wanted. Second, if a client of the API leaves the choice open (no Accept, `*/*`, both formats alike),
/// the answer has the format of the request, or is JSON if the request has no body.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-12.4.2">RFC 9110: quality values</a>
class AcceptStrategy extends HeaderContentNegotiationStrategy {

	private static final MediaType SAFETENSORS = MediaType.parseMediaType(Safetensors.MEDIA_TYPE);

	private static final List<MediaType> JSON_FIRST = List.of(MediaType.APPLICATION_JSON, SAFETENSORS);

	private static final List<MediaType> SAFETENSORS_FIRST = JSON_FIRST.reversed();

	private final String api;

	/// @param api the prefix of the API's paths
	AcceptStrategy(String api) {
		this.api = api;
	}

	@Override
	public List<MediaType> resolveMediaTypes(NativeWebRequest request) throws HttpMediaTypeNotAcceptableException {
		List<MediaType> accepted = super.resolveMediaTypes(request);
		List<MediaType> wanted = isApi(request) ? ours(accepted, formats(request))
				: accepted.stream().filter(AcceptStrategy::isWanted).toList();
		if (wanted.isEmpty()) {
			throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.APPLICATION_JSON));
		}
		return wanted;
	}

	private boolean isApi(NativeWebRequest request) {
		HttpServletRequest http = request.getNativeRequest(HttpServletRequest.class);
		return http != null && http.getServletPath().startsWith(this.api);
	}

	/// Both formats, with that of the request first.
	private static List<MediaType> formats(NativeWebRequest request) {
		return Safetensors.isMediaType(request.getHeader(HttpHeaders.CONTENT_TYPE)) ? SAFETENSORS_FIRST : JSON_FIRST;
	}

	/// The wanted formats, the most wanted first. Wild cards stand for both formats,
	/// except those that the client excludes by name.
	private static List<MediaType> ours(List<MediaType> accepted, List<MediaType> formats) {
		if (accepted.equals(MEDIA_TYPE_ALL_LIST)) {
			// the case of nearly every client, which needs no new list
			return formats;
		}
		List<MediaType> wanted = new ArrayList<>();
		for (MediaType type : accepted) {
			if (!isWanted(type)) {
				continue;
			}
			if (type.isWildcardType() || type.isWildcardSubtype()) {
				for (MediaType format : formats) {
					if (type.includes(format) && accepted.stream().noneMatch(format::equalsTypeAndSubtype)) {
						wanted.add(format.copyQualityValue(type));
					}
				}
			}
			else {
				wanted.add(type);
			}
		}
		MediaType first = formats.getFirst();
		wanted.sort(Comparator.comparingDouble(MediaType::getQualityValue)
			.reversed()
			.thenComparing((type) -> !type.equalsTypeAndSubtype(first)));
		return wanted;
	}

	private static boolean isWanted(MediaType type) {
		return type.getQualityValue() > 0;
	}

}
