package dev.adagrad.wire;

import java.util.Arrays;
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

/// The constants of an enum under their names on the wire: that of `@JsonProperty` on the constant if there is one, else
/// its own in lower case; but the dtypes keep the names that safetensors gives them.
///
/// Immutable; safe for use by any number of threads.
///
/// @param <E> the enum
public final class WireNames<E extends Enum<E>> {

	/// Of every enum looked at: a name is asked for with each answer, and must cost no
	/// reflection.
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

	/// The constant of a name, if there is one.
	@Nullable E find(String name) {
		return this.byName.get(name);
	}

	/// The rule for a name.
	String oneOf() {
		return "must be one of " + this.allowed;
	}

	/// What to say of a name that there is none of.
	String refusal(String name) {
		return oneOf() + ", was " + Excerpt.quoted(name)
				+ Suggestion.of(name, this.byName.keySet()).map((hint) -> "; " + hint).orElse("");
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
