package dev.adagrad.wire;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// What a message consists of, whatever format it travels in: the components of a record, under their names on the
/// wire.
///
/// A field's name is the value of `@JsonProperty` on the component if there is one, else the component's name. Its kind
/// follows from the Java type, see [Kind]. A field that is absent is null in the record: whether it may be is for the
/// record's own constraints to say. A component that is null is left out of what is written, unless it is annotated
/// `@JsonInclude(JsonInclude.Include.ALWAYS)`.
///
/// The record is looked at once per class. Immutable; safe for use by any number of threads.
///
/// @param <T> the record
public final class MessageType<T extends Record & Message> {

	private static final ClassValue<MessageType<?>> TYPES = new ClassValue<>() {
		@Override
		protected MessageType<?> computeValue(Class<?> type) {
			return new MessageType<>(type);
		}
	};

	private final MethodHandle constructor;

	private final List<Field> fields;

	private final boolean readable;

	private final boolean readableFromTensors;

	private final boolean writableAsTensors;

	private final @Nullable Field dtypeField;

	private final @Nullable Field namedField;

	private final Map<String, Field> byName = new HashMap<>();

	private final Map<String, String> nameByComponent = new HashMap<>();

	private MessageType(Class<?> type) {
		if (!isMessage(type)) {
			throw new IllegalArgumentException(type + " is not a record that implements Message");
		}
		RecordComponent[] components = type.getRecordComponents();
		List<Field> found = new ArrayList<>();
		try {
			for (RecordComponent component : components) {
				Field field = field(component, type, found.size());
				if (this.byName.put(field.name(), field) != null) {
					throw new IllegalArgumentException(type + " has two fields named " + field.name());
				}
				this.nameByComponent.put(component.getName(), field.name());
				found.add(field);
			}
			this.fields = List.copyOf(found);
			this.readable = found.stream().allMatch(Field::isReadable);
			this.readableFromTensors = this.readable && found.stream().anyMatch(Field::isOfTensors);
			this.writableAsTensors = (has(Kind.TENSOR) || has(Kind.TENSOR_BLOCKS))
					&& found.stream().allMatch((field) -> field.isOfTensors() || field.kind().isText());
			this.namedField = found.stream().filter((field) -> field.kind() == Kind.NAMED).findFirst().orElse(null);
			this.dtypeField = found.stream().filter((field) -> field.kind() == Kind.DTYPE).findFirst().orElse(null);
			this.constructor = constructor(type, components);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalArgumentException(type + " cannot be read as a message", ex);
		}
	}

	/// The type of a record that is a message.
	/// @throws IllegalArgumentException if a component has a type that no [Kind] stands
	/// for, or two have one name
	@SuppressWarnings("unchecked")
	static <T extends Record & Message> MessageType<T> of(Class<T> type) {
		return (MessageType<T>) TYPES.get(type);
	}

	/// The type of any message, by its class.
	/// @throws IllegalArgumentException as [#of(Class)], and if the class is no record
	/// that is a message
	static MessageType<?> ofAny(Class<?> type) {
		return TYPES.get(type);
	}

	static boolean isMessage(Class<?> type) {
		return type.isRecord() && Message.class.isAssignableFrom(type);
	}

	/// The name on the wire of a record's component, for pointers to a component that
	/// breaks a constraint; the component's own name if the class is no message or has no
	/// such component.
	public static String wireName(Class<?> type, String component) {
		return isMessage(type) ? TYPES.get(type).fieldName(component) : component;
	}

	/// The name on the wire of a component; the component's own name if there is no such
	/// component.
	String fieldName(String component) {
		return this.nameByComponent.getOrDefault(component, component);
	}

	/// The fields, in the order of the record's components.
	List<Field> fields() {
		return this.fields;
	}

	/// The field of a name, if there is one.
	@Nullable Field find(String name) {
		return this.byName.get(name);
	}

	private boolean has(Kind kind) {
		return this.fields.stream().anyMatch((field) -> field.kind() == kind);
	}

	/// Whether a message can be read as this record: each component can hold what a
	/// client may send, and its absence.
	boolean isReadable() {
		return this.readable;
	}

	/// Whether a message can be read from a file of tensors: as any, and it has some.
	boolean isReadableFromTensors() {
		return this.readableFromTensors;
	}

	/// Whether a message can be written as a file of tensors: it has some, and all else
	/// can stand beside them.
	boolean isWritableAsTensors() {
		return this.writableAsTensors;
	}

	/// The field that says which dtype the tensors of the message have, if there is one.
	@Nullable Field dtypeField() {
		return this.dtypeField;
	}

	/// The field whose messages are named after tensors, if there is one.
	@Nullable Field namedField() {
		return this.namedField;
	}

	/// Makes the record.
	/// @param values one for each of [#fields()], in that order; null where absent
	@SuppressWarnings("unchecked")
	T create(@Nullable Object[] values) {
		try {
			return (T) (Object) this.constructor.invokeExact(values);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static MethodHandle constructor(Class<?> type, RecordComponent[] components)
			throws ReflectiveOperationException {
		Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
		Constructor<?> canonical = type.getDeclaredConstructor(types);
		canonical.setAccessible(true);
		return MethodHandles.lookup()
			.unreflectConstructor(canonical)
			.asSpreader(Object[].class, components.length)
			.asType(MethodType.methodType(Object.class, Object[].class));
	}

	private static Field field(RecordComponent component, Class<?> type, int index)
			throws ReflectiveOperationException {
		// Jackson's annotations may not stand on a record component as such: the compiler
		// hands them to the field behind it
		AnnotatedElement annotated = type.getDeclaredField(component.getName());
		JsonProperty property = annotated.getAnnotation(JsonProperty.class);
		String name = (property != null && !property.value().isEmpty()) ? property.value() : component.getName();
		JsonInclude include = annotated.getAnnotation(JsonInclude.class);
		boolean always = include != null && include.value() == JsonInclude.Include.ALWAYS;
		Method accessor = component.getAccessor();
		accessor.setAccessible(true);
		MethodHandle getter = MethodHandles.lookup()
			.unreflect(accessor)
			.asType(MethodType.methodType(Object.class, Object.class));
		Class<?> javaType = component.getType();
		Kind kind = kind(component);
		WireNames<?> names = switch (kind) {
			case ENUM, DTYPE -> WireNames.of(javaType);
			case ENUM_SET -> WireNames.of(elementType(component.getGenericType()));
			default -> null;
		};
		MessageType<?> nested = switch (kind) {
			case NAMED -> ofAny(valueType(component.getGenericType()));
			case MESSAGE -> ofAny(javaType);
			default -> null;
		};
		return new Field(index, name, kind, javaType.isPrimitive(), always, names, nested, getter);
	}

	private static Kind kind(RecordComponent component) {
		Class<?> type = component.getType();
		if (type == Numbers.class) {
			return Kind.NUMBERS;
		}
		if (Tensor.class.isAssignableFrom(type)) {
			return Kind.TENSOR;
		}
		if (type == Blocks.class && elementType(component.getGenericType()) == Numbers.class) {
			return Kind.STAGED_NUMBERS;
		}
		if (type == Blocks.class && Tensor.class.isAssignableFrom(elementType(component.getGenericType()))) {
			return Kind.TENSOR_BLOCKS;
		}
		if (type == Double.class || type == double.class) {
			return Kind.DOUBLE;
		}
		if (type == Long.class || type == long.class) {
			return Kind.LONG;
		}
		if (type == Integer.class || type == int.class) {
			return Kind.INTEGER;
		}
		if (type == Indices.class) {
			return Kind.INDICES;
		}
		if (type == Instant.class) {
			return Kind.INSTANT;
		}
		if (type == Boolean.class || type == boolean.class) {
			return Kind.BOOLEAN;
		}
		if (type == String.class) {
			return Kind.STRING;
		}
		if (type == DType.class) {
			return Kind.DTYPE;
		}
		if (type.isEnum()) {
			return Kind.ENUM;
		}
		if (type == Set.class && elementType(component.getGenericType()).isEnum()) {
			return Kind.ENUM_SET;
		}
		if (isMessage(type)) {
			return Kind.MESSAGE;
		}
		if (type == Map.class && isMessage(valueType(component.getGenericType()))) {
			return Kind.NAMED;
		}
		if (type == List.class && elementType(component.getGenericType()) == Long.class) {
			return Kind.SHAPE;
		}
		if (type == List.class && elementType(component.getGenericType()) == Double.class) {
			return Kind.DOUBLES;
		}
		if (type == List.class && isMessage(elementType(component.getGenericType()))) {
			return Kind.MESSAGES;
		}
		throw new IllegalArgumentException(component + " has a type that no message can carry");
	}

	private static Class<?> elementType(Type container) {
		return (container instanceof ParameterizedType parameterized
				&& parameterized.getActualTypeArguments()[0] instanceof Class<?> element) ? element : Object.class;
	}

	/// Of a `Map` by strings, with or without an annotation on its values.
	private static Class<?> valueType(Type map) {
		return (map instanceof ParameterizedType parameterized && parameterized.getActualTypeArguments().length == 2
				&& parameterized.getActualTypeArguments()[0] == String.class
				&& parameterized.getActualTypeArguments()[1] instanceof Class<?> value) ? value : Object.class;
	}

	/// What may stand in a field. Each is null in the record where the field is absent.
	enum Kind {

		/// A number or an array of numbers, to be read: [Numbers].
		NUMBERS(true),
		/// An array of numbers that may be too many for memory, to be read: [Blocks] of
		/// [Numbers].
		STAGED_NUMBERS(true),
		/// A number or an array of numbers, to be written: [Tensor].
		TENSOR(false),
		/// An array of numbers, to be written block by block: [Blocks] of [Tensor].
		TENSOR_BLOCKS(false),
		/// An array of indices, at least one where it is read: [Indices].
		INDICES(true),
		/// A finite number in F64: `Double`.
		DOUBLE(true),
		/// A number whose value is an integer in 64 bits: `Long`.
		LONG(true),
		/// A number whose value is an integer in 32 bits: `Integer`.
		INTEGER(true),
		/// An array of integers in 64 bits, each ≥ 1, at most eight, perhaps none: a
		/// `List` of `Long`.
		SHAPE(true),
		/// An array of finite numbers in F64, at most eight, perhaps none: a `List` of
		/// `Double`.
		DOUBLES(true),
		/// `true` or `false`: `Boolean`.
		BOOLEAN(true),
		/// A string out of a few: an enum, by its [WireNames].
		ENUM(true),
		/// The dtype of the message's tensors, by its name: `DType`.
		DTYPE(true),
		/// Some strings out of a few: a `Set` of an enum, by its [WireNames].
		ENUM_SET(true),
		/// Any string: `String`.
		STRING(true),
		/// A point in time, RFC 3339 in UTC, to be written: `Instant`.
		INSTANT(false),
		/// An object: a record that is a message. In a file of tensors it is a string,
		/// its
		/// JSON.
		MESSAGE(true),
		/// An object of objects, each under the name of a tensor, see [TensorNames], at
		/// least one: a `Map` of one record that is a message. In a file of tensors what
		/// is a tensor is one of the file, `grad/the.name`.
		NAMED(true),
		/// An array of objects, to be written: a `List` of one record that is a message.
		MESSAGES(false);

		private final boolean readable;

		Kind(boolean readable) {
			this.readable = readable;
		}

		/// Whether a client may send it.
		boolean isReadable() {
			return this.readable;
		}

		/// Whether it is numbers in an array, or of the same kind without one.
		boolean isTensor() {
			return switch (this) {
				case NUMBERS, STAGED_NUMBERS, TENSOR, TENSOR_BLOCKS, INDICES -> true;
				default -> false;
			};
		}

		/// Whether it can be written as a string of ASCII.
		boolean isText() {
			return switch (this) {
				case LONG, INTEGER, BOOLEAN, ENUM, DTYPE, MESSAGE -> true;
				default -> false;
			};
		}

	}

	/// A field of a message.
	static final class Field {

		private final int index;

		private final String name;

		private final String pointer;

		private final Kind kind;

		private final boolean primitive;

		private final boolean always;

		private final @Nullable WireNames<?> names;

		private final @Nullable MessageType<?> nested;

		private final MethodHandle getter;

		private Field(int index, String name, Kind kind, boolean primitive, boolean always,
				@Nullable WireNames<?> names, @Nullable MessageType<?> nested, MethodHandle getter) {
			this.index = index;
			this.name = name;
			this.pointer = Excerpt.pointer(name);
			this.kind = kind;
			this.primitive = primitive;
			this.always = always;
			this.names = names;
			this.nested = nested;
			this.getter = getter;
		}

		/// The place among [MessageType#fields()].
		int index() {
			return this.index;
		}

		/// The name on the wire.
		String name() {
			return this.name;
		}

		/// The field as an RFC 6901 pointer: `/grad`.
		String pointer() {
			return this.pointer;
		}

		/// What may stand in it.
		Kind kind() {
			return this.kind;
		}

		/// Whether a client may send it, or leave it out.
		boolean isReadable() {
			return this.kind.isReadable() && !this.primitive && (this.nested == null || this.nested.isReadable());
		}

		/// Whether it is written as `null` where it is absent, instead of left out.
		boolean always() {
			return this.always;
		}

		/// The names that may stand in it.
		/// @throws IllegalStateException unless the kind is [Kind#ENUM], [Kind#DTYPE] or
		/// [Kind#ENUM_SET]
		WireNames<?> names() {
			if (this.names == null) {
				throw new IllegalStateException(this.name + " is of kind " + this.kind);
			}
			return this.names;
		}

		/// What each message in the field consists of.
		/// @throws IllegalStateException unless the kind is [Kind#NAMED] or
		/// [Kind#MESSAGE]
		MessageType<?> nested() {
			if (this.nested == null) {
				throw new IllegalStateException(this.name + " is of kind " + this.kind);
			}
			return this.nested;
		}

		/// Whether it is a tensor, or named messages with tensors.
		boolean isOfTensors() {
			return this.kind.isTensor()
					|| (this.nested != null && this.nested.fields().stream().anyMatch(Field::isOfTensors));
		}

		/// The value of this field in a message; null where it is absent.
		@Nullable Object valueIn(Message message) {
			try {
				return (Object) this.getter.invokeExact((Object) message);
			}
			catch (RuntimeException | Error ex) {
				throw ex;
			}
			catch (Throwable ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
