package dev.adagrad.server;

import java.util.List;

import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.context.request.NativeWebRequest;

/// Reads the Accept header as Spring does, but for `q=0`, which Spring overlooks: it means that a type is not wanted.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-12.4.2">RFC 9110: quality values</a>
class AcceptStrategy extends HeaderContentNegotiationStrategy {

	@Override
	public List<MediaType> resolveMediaTypes(NativeWebRequest request) throws HttpMediaTypeNotAcceptableException {
		List<MediaType> accepted = super.resolveMediaTypes(request);
		List<MediaType> wanted = accepted.stream().filter((type) -> type.getQualityValue() > 0).toList();
		if (wanted.isEmpty()) {
			throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.APPLICATION_JSON));
		}
		return wanted;
	}

}
