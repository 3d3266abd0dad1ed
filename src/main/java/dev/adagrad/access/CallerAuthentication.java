package dev.adagrad.access;

import java.io.Serial;
import java.util.List;

import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Scope;

import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/// A caller, as Spring Security knows it. It does not hold the key or the token that the call came with.
final class CallerAuthentication extends AbstractAuthenticationToken {

	@Serial
	private static final long serialVersionUID = 1;

	private final transient Caller caller;

	CallerAuthentication(Caller caller) {
		super(authorities(caller));
		this.caller = caller;
		setAuthenticated(true);
	}

	private static List<SimpleGrantedAuthority> authorities(Caller caller) {
		return List.of(Scope.values())
			.stream()
			.filter(caller::may)
			.map((scope) -> new SimpleGrantedAuthority(scope.toString()))
			.toList();
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
