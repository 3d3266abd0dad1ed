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
import dev.adagrad.refusal.Excerpt;
import dev.adagrad.refusal.Suggestion;
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

	/// The kinds of value that a class alone tells.
	private static final Map<Class<?>, FieldKind> KINDS = Map.of(Numbers.class, FieldKind.NUMBERS, Indices.class,
			FieldKind.INDICES, Double.class, FieldKind.DOUBLE, Long.class, FieldKind.LONG, Integer.class,
			FieldKind.INTEGER, Boolean.class, FieldKind.BOOLEAN, String.class, FieldKind.STRING, Instant.class,
			FieldKind.INSTANT, DType.class, FieldKind.DTYPE);

	/// The kinds of containers, each by the kind of what it holds.
	private static final Map<Class<?>, Map<FieldKind, FieldKind>> CONTAINERS = Map.of(Blocks.class,
			Map.of(FieldKind.NUMBERS, FieldKind.STAGED_NUMBERS, FieldKind.TENSOR, FieldKind.TENSOR_BLOCKS), Set.class,
			Map.of(FieldKind.ENUM, FieldKind.ENUM_SET), Map.class, Map.of(FieldKind.MESSAGE, FieldKind.NAMED),
			List.class, Map.of(FieldKind.LONG, FieldKind.SHAPE, FieldKind.DOUBLE, FieldKind.DOUBLES, FieldKind.MESSAGE,
					FieldKind.MESSAGES));

	/// Settings of other optimizers, by their names in libraries.
	private static final Set<String> OF_OTHERS = Set.of("momentum", "nesterov", "dampening", "beta1", "beta2", "beta_1",
			"beta_2", "betas", "b1", "b2", "rho", "amsgrad", "centered", "trust_coefficient");

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
			this.writableAsTensors = (first(FieldKind.TENSOR) != null || first(FieldKind.TENSOR_BLOCKS) != null)
					&& found.stream().allMatch((field) -> field.isOfTensors() || field.kind().isText());
			this.namedField = first(FieldKind.NAMED);
			this.dtypeField = first(FieldKind.DTYPE);
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

	private @Nullable MessageField first(FieldKind kind) {
		return this.fields.stream().filter((field) -> field.kind() == kind).findFirst().orElse(null);
	}

	/// The message about an unknown field, with the known ones and the one that the
	/// client probably meant.
	String unknown(String name) {
		List<String> names = this.fields.stream().map(MessageField::name).toList();
		String near = Suggestion.of(name, names).map((hint) -> hint + " ").orElse("");
		String why = OF_OTHERS.contains(name) ? "is an unknown field, since AdaGrad has no such setting; "
				: "is an unknown field; ";
		return why + near + "allowed are " + String.join(", ", names);
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
		Class<?> held = held(component);
		FieldKind kind = kind(component, held);
		WireNames<?> names = switch (kind) {
			case ENUM, DTYPE, ENUM_SET -> WireNames.of(held);
			default -> null;
		};
		MessageType<?> nested = switch (kind) {
			case NAMED, MESSAGE -> ofAny(held);
			default -> null;
		};
		boolean readable = kind.isReadable() && !held.isPrimitive() && (nested == null || nested.isReadable());
		return new MessageField(index, name, Excerpt.pointer(name), kind, readable, always, names, nested, getter);
	}

	private static FieldKind kind(RecordComponent component, Class<?> held) {
		FieldKind kind = kind(held);
		if (kind != null && held != component.getType()) {
			kind = CONTAINERS.getOrDefault(component.getType(), Map.of()).get(kind);
		}
		if (kind == null) {
			throw new IllegalArgumentException(component + " has a type that no message can carry");
		}
		return kind;
	}

	private static @Nullable FieldKind kind(Class<?> type) {
		if (Tensor.class.isAssignableFrom(type)) {
			return FieldKind.TENSOR;
		}
		if (isMessage(type)) {
			return FieldKind.MESSAGE;
		}
		FieldKind kind = KINDS.get(MethodType.methodType(type).wrap().returnType());
		return (kind == null && type.isEnum()) ? FieldKind.ENUM : kind;
	}

	/// The class of the elements or values of a container, or else of the component
	/// itself.
	private static Class<?> held(RecordComponent component) {
		if (component.getGenericType() instanceof ParameterizedType container) {
			Type[] arguments = container.getActualTypeArguments();
			return (arguments[arguments.length - 1] instanceof Class<?> element) ? element : Object.class;
		}
		return component.getType();
	}

}
