package dev.adagrad.caller;

/// What each tenant may use. Safe for use by any number of threads.
@FunctionalInterface
public interface Quotas {

	/// No tenant has a limit.
	Quotas NONE = (tenant) -> Quota.NONE;

	/// The quota of a tenant.
	Quota of(Tenant tenant);

}
