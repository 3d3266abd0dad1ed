package dev.adagrad.wire;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.refusal.Excerpt;
import dev.adagrad.refusal.Suggestion;
import dev.adagrad.tensor.DType;
import org.jspecify.annotations.Nullable;

/// The constants of an enum by their names on the wire. The name is the value of `@JsonProperty` on the constant if
/// there is one, else the constant's own name in lower case; but dtypes keep their safetensors names.
///
/// Immutable; safe for use by any number of threads.
///
/// @param <E> the enum
public final class WireNames<E extends Enum<E>> {

	/// The names of every enum used so far. Each answer needs a name, and must not pay
	/// for reflection.
	private static final ClassValue<Map<Object, String>> NAMES = new ClassValue<>() {
		@Override
		protected Map<Object, String> computeValue(Class<?> type) {
			return Arrays.stream((Enum<?>[]) type.getEnumConstants())
				.collect(Collectors.toUnmodifiableMap(Function.identity(), WireNames::nameOf));
		}
	};

	private final Class<E> type;

	private final Map<String, E> byName = new LinkedHashMap<>();

	private final String allowed;

	private WireNames(Class<E> type) {
		this.type = type;
		for (E constant : type.getEnumConstants()) {
			if (this.byName.put(of(constant), constant) != null) {
				throw new IllegalArgumentException(type + " has two constants named " + of(constant));
			}
		}
		this.allowed = this.byName.keySet().stream().map((name) -> '"' + name + '"').collect(Collectors.joining(", "));
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	static WireNames<?> of(Class<?> type) {
		return new WireNames(type.asSubclass(Enum.class));
	}

	/// The name of a constant on the wire.
	public static String of(Enum<?> constant) {
		return Objects.requireNonNull(NAMES.get(constant.getDeclaringClass()).get(constant));
	}

	private static String nameOf(Enum<?> constant) {
		if (constant instanceof DType) {
			return constant.name();
		}
		try {
			JsonProperty property = constant.getDeclaringClass()
				.getDeclaredField(constant.name())
				.getAnnotation(JsonProperty.class);
			return (property != null && !property.value().isEmpty()) ? property.value()
					: constant.name().toLowerCase(Locale.ROOT);
		}
		catch (NoSuchFieldException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/// The constant with a name, if there is one.
	@Nullable E find(String name) {
		return this.byName.get(name);
	}

	/// The rule that lists the allowed names.
	String oneOf() {
		return "must be one of " + this.allowed;
	}

	/// The message about an unknown name.
	String refusal(String name) {
		return oneOf() + ", was " + Excerpt.quoted(name)
				+ Suggestion.of(name, this.byName.keySet()).map((hint) -> "; " + hint).orElse("");
	}

	/// Some constants as an unmodifiable set in the order of declaration.
	Set<E> setOf(Collection<?> constants) {
		EnumSet<E> set = EnumSet.noneOf(this.type);
		constants.forEach((constant) -> set.add(this.type.cast(constant)));
		return Collections.unmodifiableSet(set);
	}

}
