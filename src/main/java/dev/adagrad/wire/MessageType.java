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

/// The fields of a message, independent of the format: the components of a record, with their names on the wire.
///
/// A field's name is the value of `@JsonProperty` on the component if there is one, else the component's name. Its kind
/// follows from the Java type, see [FieldKind]. An absent field is null in the record; the record's own constraints say
/// whether it may be absent. A null component is not written, unless it is annotated
/// `@JsonInclude(JsonInclude.Include.ALWAYS)`.
///
/// Each record class is inspected once. Immutable; safe for use by any number of threads.
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

	private final List<MessageField> fields;

	private final boolean readable;

	private final boolean readableFromTensors;

	private final boolean writableAsTensors;

	private final @Nullable MessageField dtypeField;

	private final @Nullable MessageField namedField;

	private final Map<String, MessageField> byName = new HashMap<>();

	private final Map<String, MessageField> byComponent = new HashMap<>();

	private MessageType(Class<?> type) {
		if (!isMessage(type)) {
			throw new IllegalArgumentException(type + " is not a record that implements Message");
		}
		RecordComponent[] components = type.getRecordComponents();
		List<MessageField> found = new ArrayList<>();
		try {
			for (RecordComponent component : components) {
				MessageField field = field(component, type, found.size());
				if (this.byName.put(field.name(), field) != null) {
					throw new IllegalArgumentException(type + " has two fields named " + field.name());
				}
				this.byComponent.put(component.getName(), field);
				found.add(field);
			}
			this.fields = List.copyOf(found);
			this.readable = found.stream().allMatch(MessageField::isReadable);
			this.readableFromTensors = this.readable && found.stream().anyMatch(MessageField::isOfTensors);
			this.writableAsTensors = (has(FieldKind.TENSOR) || has(FieldKind.TENSOR_BLOCKS))
					&& found.stream().allMatch((field) -> field.isOfTensors() || field.kind().isText());
			this.namedField = found.stream()
				.filter((field) -> field.kind() == FieldKind.NAMED)
				.findFirst()
				.orElse(null);
			this.dtypeField = found.stream()
				.filter((field) -> field.kind() == FieldKind.DTYPE)
				.findFirst()
				.orElse(null);
			this.constructor = constructor(type, components);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalArgumentException(type + " cannot be read as a message", ex);
		}
	}

	/// The type of a record that is a message.
	/// @throws IllegalArgumentException if no [FieldKind] covers the type of a
	/// component, or if two components have the same name
	@SuppressWarnings("unchecked")
	static <T extends Record & Message> MessageType<T> of(Class<T> type) {
		return (MessageType<T>) TYPES.get(type);
	}

	/// The type of any message, by its class.
	/// @throws IllegalArgumentException as [#of(Class)], and if the class is not a
	/// record that is a message
	static MessageType<?> ofAny(Class<?> type) {
		return TYPES.get(type);
	}

	static boolean isMessage(Class<?> type) {
		return type.isRecord() && Message.class.isAssignableFrom(type);
	}

	/// The field of a component of the record, by the component's own name.
	@Nullable MessageField ofComponent(String component) {
		return this.byComponent.get(component);
	}

	/// The fields, in the order of the record's components.
	List<MessageField> fields() {
		return this.fields;
	}

	/// The field with a name, if there is one.
	@Nullable MessageField find(String name) {
		return this.byName.get(name);
	}

	private boolean has(FieldKind kind) {
		return this.fields.stream().anyMatch((field) -> field.kind() == kind);
	}

	/// Whether a message can be read as this record: each component can hold what a
	/// client may send, or its absence.
	boolean isReadable() {
		return this.readable;
	}

	/// Whether a message can be read from a file of tensors: it can be read at all, and
	/// it has tensors.
	boolean isReadableFromTensors() {
		return this.readableFromTensors;
	}

	/// Whether a message can be written as a file of tensors: it has tensors, and the
	/// file's metadata can hold all its other fields.
	boolean isWritableAsTensors() {
		return this.writableAsTensors;
	}

	/// The field that gives the dtype of the message's tensors, if there is one.
	@Nullable MessageField dtypeField() {
		return this.dtypeField;
	}

	/// The field whose messages are named after tensors, if there is one.
	@Nullable MessageField namedField() {
		return this.namedField;
	}

	/// Makes the record.
	/// @param values one for each of [#fields()], in that order; null if absent
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

	private static MessageField field(RecordComponent component, Class<?> type, int index)
			throws ReflectiveOperationException {
		// Jackson's annotations cannot be on a record component itself: the compiler
		// puts them on the field behind it
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
		FieldKind kind = kind(component);
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
		return new MessageField(index, name, kind, javaType.isPrimitive(), always, names, nested, getter);
	}

	private static FieldKind kind(RecordComponent component) {
		Class<?> type = component.getType();
		if (type == Numbers.class) {
			return FieldKind.NUMBERS;
		}
		if (Tensor.class.isAssignableFrom(type)) {
			return FieldKind.TENSOR;
		}
		if (type == Blocks.class && elementType(component.getGenericType()) == Numbers.class) {
			return FieldKind.STAGED_NUMBERS;
		}
		if (type == Blocks.class && Tensor.class.isAssignableFrom(elementType(component.getGenericType()))) {
			return FieldKind.TENSOR_BLOCKS;
		}
		if (type == Double.class || type == double.class) {
			return FieldKind.DOUBLE;
		}
		if (type == Long.class || type == long.class) {
			return FieldKind.LONG;
		}
		if (type == Integer.class || type == int.class) {
			return FieldKind.INTEGER;
		}
		if (type == Indices.class) {
			return FieldKind.INDICES;
		}
		if (type == Instant.class) {
			return FieldKind.INSTANT;
		}
		if (type == Boolean.class || type == boolean.class) {
			return FieldKind.BOOLEAN;
		}
		if (type == String.class) {
			return FieldKind.STRING;
		}
		if (type == DType.class) {
			return FieldKind.DTYPE;
		}
		if (type.isEnum()) {
			return FieldKind.ENUM;
		}
		if (type == Set.class && elementType(component.getGenericType()).isEnum()) {
			return FieldKind.ENUM_SET;
		}
		if (isMessage(type)) {
			return FieldKind.MESSAGE;
		}
		if (type == Map.class && isMessage(valueType(component.getGenericType()))) {
			return FieldKind.NAMED;
		}
		if (type == List.class && elementType(component.getGenericType()) == Long.class) {
			return FieldKind.SHAPE;
		}
		if (type == List.class && elementType(component.getGenericType()) == Double.class) {
			return FieldKind.DOUBLES;
		}
		if (type == List.class && isMessage(elementType(component.getGenericType()))) {
			return FieldKind.MESSAGES;
		}
		throw new IllegalArgumentException(component + " has a type that no message can carry");
	}

	private static Class<?> elementType(Type container) {
		return (container instanceof ParameterizedType parameterized
				&& parameterized.getActualTypeArguments()[0] instanceof Class<?> element) ? element : Object.class;
	}

	/// The type of the values of a `Map` with string keys, with or without an annotation
	/// on the values.
	private static Class<?> valueType(Type map) {
		return (map instanceof ParameterizedType parameterized && parameterized.getActualTypeArguments().length == 2
				&& parameterized.getActualTypeArguments()[0] == String.class
				&& parameterized.getActualTypeArguments()[1] instanceof Class<?> value) ? value : Object.class;
	}

}
