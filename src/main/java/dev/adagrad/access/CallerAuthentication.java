package dev.adagrad.access;

import java.io.Serial;
import java.util.Arrays;

import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Scope;

import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

/// A caller, as Spring Security knows it. It does not hold the key or the token that the call came with.
final class CallerAuthentication extends AbstractAuthenticationToken {

	@Serial
	private static final long serialVersionUID = 1;

	private final transient Caller caller;

	CallerAuthentication(Caller caller) {
		super(AuthorityUtils
			.createAuthorityList(Arrays.stream(Scope.values()).filter(caller::may).map(Scope::toString).toList()));
		this.caller = caller;
		setAuthenticated(true);
	}

	Caller caller() {
		return this.caller;
	}

	@Override
	public Object getPrincipal() {
		return this.caller.name();
	}

	@Override
	public Object getCredentials() {
		return "";
	}

}
