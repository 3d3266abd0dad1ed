package dev.adagrad.access;

import java.util.Map;

import dev.adagrad.caller.Quota;
import dev.adagrad.caller.Tenant;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What each tenant may use. What is left out has no limit.
///
/// @param sessions the most sessions that exist at a time
/// @param storedSize the most that a tenant's sessions take in the store
/// @param stepsPerSecond the most steps, stateless or of sessions, that a tenant takes in a second. Each replica counts by
/// itself
/// @param requests the most requests under way at a time. Each replica counts by itself
/// @param tenants by the name of a tenant, what it has instead
@ConfigurationProperties(prefix = "adagrad.quotas", ignoreUnknownFields = false)
record QuotaProperties(@Nullable Long sessions, @Nullable DataSize storedSize, @Nullable Long stepsPerSecond,
		@Nullable Long requests, @DefaultValue Map<String, OfTenant> tenants) {

	/// @throws IllegalArgumentException if a value is out of its range, or a name is no
	/// tenant's
	QuotaProperties {
		tenants = Map.copyOf(tenants);
		require("sessions", sessions, 0);
		require("stored-size", (storedSize != null) ? storedSize.toBytes() : null, 0);
		require("steps-per-second", stepsPerSecond, 1);
		require("requests", requests, 1);
		tenants.forEach((name, quota) -> {
			if (!Tenant.isValid(name)) {
				throw new IllegalArgumentException(
						"adagrad.quotas.tenants must have names of tenants, " + Tenant.GRAMMAR + ", was " + name);
			}
			require("tenants." + name + ".sessions", quota.sessions(), 0);
			require("tenants." + name + ".stored-size",
					(quota.storedSize() != null) ? quota.storedSize().toBytes() : null, 0);
			require("tenants." + name + ".steps-per-second", quota.stepsPerSecond(), 1);
			require("tenants." + name + ".requests", quota.requests(), 1);
		});
	}

	private static void require(String name, @Nullable Long value, long least) {
		if (value != null && value < least) {
			throw new IllegalArgumentException(
					"adagrad.quotas." + name + " must be at least " + least + ", was " + value);
		}
	}

	/// The quota of a tenant.
	Quota of(Tenant tenant) {
		OfTenant quota = this.tenants.getOrDefault(tenant.name(), OfTenant.NONE);
		return new Quota(first(quota.sessions(), this.sessions),
				first(bytes(quota.storedSize()), bytes(this.storedSize)),
				first(quota.stepsPerSecond(), this.stepsPerSecond), first(quota.requests(), this.requests));
	}

	private static @Nullable Long bytes(@Nullable DataSize size) {
		return (size != null) ? size.toBytes() : null;
	}

	private static long first(@Nullable Long own, @Nullable Long common) {
		return (own != null) ? own : (common != null) ? common : Quota.UNLIMITED;
	}

	/// What one tenant has instead. What is left out is as for all tenants.
	record OfTenant(@Nullable Long sessions, @Nullable DataSize storedSize, @Nullable Long stepsPerSecond,
			@Nullable Long requests) {

		static final OfTenant NONE = new OfTenant(null, null, null, null);

	}

}
