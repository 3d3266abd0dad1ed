package dev.adagrad.access;

import java.io.Serial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Scope;

import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/// A caller, as Spring Security knows it. It does not hold the key or the token that the call came with.
final class CallerAuthentication extends AbstractAuthenticationToken {

	@Serial
	private static final long serialVersionUID = 1;

	private static final Map<Scope, GrantedAuthority> ALL = Map.copyOf(Arrays.stream(Scope.values())
		.collect(Collectors.toMap((scope) -> scope, (scope) -> new SimpleGrantedAuthority(scope.toString()))));

	private final transient Caller caller;

	CallerAuthentication(Caller caller) {
		super(authorities(caller));
		this.caller = caller;
		setAuthenticated(true);
	}

	private static List<GrantedAuthority> authorities(Caller caller) {
		List<GrantedAuthority> authorities = new ArrayList<>(ALL.size());
		ALL.forEach((scope, authority) -> {
			if (caller.may(scope)) {
				authorities.add(authority);
			}
		});
		return authorities;
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
