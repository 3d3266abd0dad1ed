package dev.adagrad.wire;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.adagrad.tensor.DType;
import org.jspecify.annotations.Nullable;

/// The constants of an enum under their names on the wire: lower case, but for the dtypes, which keep the names that
/// safetensors gives them.
///
/// Immutable; safe for use by any number of threads.
///
/// @param <E> the enum
public final class WireNames<E extends Enum<E>> {

	private final Class<E> type;

	private final Map<String, E> byName = new LinkedHashMap<>();

	private final String allowed;

	private WireNames(Class<E> type) {
		this.type = type;
		for (E constant : type.getEnumConstants()) {
			this.byName.put(of(constant), constant);
		}
		this.allowed = this.byName.keySet().stream().map((name) -> '"' + name + '"').collect(Collectors.joining(", "));
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	static WireNames<?> of(Class<?> type) {
		return new WireNames(type.asSubclass(Enum.class));
	}

	/// The name of a constant on the wire.
	public static String of(Enum<?> constant) {
		return (constant instanceof DType) ? constant.name() : constant.name().toLowerCase(Locale.ROOT);
	}

	/// The constant of a name, if there is one.
	@Nullable E find(String name) {
		return this.byName.get(name);
	}

	/// All names, quoted, for a message.
	String allowed() {
		return this.allowed;
	}

	/// The constants named, as an unmodifiable set in the order of declaration.
	/// @throws IllegalArgumentException if a name is none of the enum's
	Set<E> setOf(Iterable<String> names) {
		EnumSet<E> constants = EnumSet.noneOf(this.type);
		for (String name : names) {
			E constant = find(name);
			if (constant == null) {
				throw new IllegalArgumentException("must be one of " + this.allowed + ", was " + name);
			}
			constants.add(constant);
		}
		return Collections.unmodifiableSet(constants);
	}

}
