package dev.adagrad.caller;

import java.util.EnumSet;
import java.util.Set;

/// Who sends a request.
///
/// Immutable.
///
/// @param name the name of its key, or the subject of its token; empty for everybody, where the service asks for neither
/// @param tenant the tenant that it acts in
/// @param scopes what it may do
public record Caller(String name, Tenant tenant, Set<Scope> scopes) {

	/// The name of the request's attribute that has its caller.
	public static final String ATTRIBUTE = Caller.class.getName();

	/// The name of the request's attribute that has the address of the machine that has
	/// connected: a proxy's, where there is one.
	public static final String PEER = Caller.class.getName() + ".peer";

	/// Whoever calls a service that asks for no key. It may do everything.
	public static final Caller ANYBODY = new Caller("", Tenant.DEFAULT, EnumSet.allOf(Scope.class));

	public Caller {
		scopes = Set.copyOf(scopes);
	}

	/// Whether it has a scope. An administrator has all.
	public boolean may(Scope scope) {
		return this.scopes.contains(scope) || this.scopes.contains(Scope.ADMIN);
	}

	/// The same caller in another tenant.
	public Caller in(Tenant other) {
		return new Caller(this.name, other, this.scopes);
	}

}
