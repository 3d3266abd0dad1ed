package dev.adagrad.openapi;

import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.adagrad.kernel.Include;
import dev.adagrad.wire.Message;
import dev.adagrad.wire.WireNames;
import io.swagger.v3.core.util.Json31;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;

/// The document, which people write, and the records, which the service reads and writes, tell of the same fields.
class DocumentedRecordsTest {

	private static final JsonNode SCHEMAS = Json31.mapper()
		.<JsonNode>valueToTree(ApiDocument.of("1", true, Credential.NONE))
		.at("/components/schemas");

	static Stream<Class<?>> messages() {
		ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false) {
			@Override
			protected boolean isCandidateComponent(
					org.springframework.beans.factory.annotation.AnnotatedBeanDefinition definition) {
				return true;
			}
		};
		scanner.addIncludeFilter(new AssignableTypeFilter(Message.class));
		return scanner.findCandidateComponents("dev.adagrad")
			.stream()
			.map(BeanDefinition::getBeanClassName)
			.map(DocumentedRecordsTest::type)
			.filter(Class::isRecord)
			.filter((type) -> !type.getProtectionDomain()
				.getCodeSource()
				.getLocation()
				.getPath()
				.endsWith("test-classes/"));
	}

	private static Class<?> type(@Nullable String name) {
		try {
			return Class.forName(name);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void allMessagesAreFound() {
		assertThat(messages().map(Class::getSimpleName)).contains("StepRequest", "StepResponse", "CreateSessionRequest",
				"SessionStepRequest", "SessionStepResponse", "StateResponse", "RestoreRequest", "LookupRequest");
	}

	@ParameterizedTest
	@MethodSource("messages")
	void everyFieldIsDocumentedAsItIs(Class<?> message) {
		JsonNode schema = SCHEMAS.path(message.getSimpleName());
		JsonNode properties = schema.path("properties");
		Set<String> names = new TreeSet<>();
		Set<String> required = new TreeSet<>();
		for (RecordComponent field : message.getRecordComponents()) {
			String name = name(field);
			names.add(name);
			if (annotation(field, NotNull.class) != null || annotation(field, JsonInclude.class) != null
					|| field.getType().isPrimitive()) {
				required.add(name);
			}
			assertThat(properties.path(name).path("description").asText()).as(name).isNotEmpty();
			assertField(properties.path(name), field, name);
		}
		assertThat(properties.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(names);
		assertThat(schema.path("required")).extracting(JsonNode::asText).containsExactlyInAnyOrderElementsOf(required);
		if (message.getSimpleName().endsWith("Request")) {
			assertThat(schema.path("additionalProperties").asText()).isEqualTo("false");
		}
	}

	private static void assertField(JsonNode schema, RecordComponent field, String name) {
		assertThat(type(schema)).as(name).isEqualTo(type(field.getGenericType()));
		Type constants = (field.getGenericType() instanceof ParameterizedType set && field.getType() == Set.class)
				? set.getActualTypeArguments()[0] : field.getType();
		if (constants instanceof Class<?> type && type.isEnum()) {
			JsonNode enumerated = named((field.getType() == Set.class) ? schema.path("items") : schema);
			List<String> values = enumerated.path("enum").valueStream().map(JsonNode::asText).toList();
			List<String> known = Arrays.stream(type.getEnumConstants())
				.map((each) -> WireNames.of((Enum<?>) each))
				.toList();
			// in Go the values of two enums have names in common
			assertThat(type == Include.class ? values.subList(1, values.size()) : values).as(name).isEqualTo(known);
		}
		Min min = annotation(field, Min.class);
		Max max = annotation(field, Max.class);
		DecimalMin decimal = annotation(field, DecimalMin.class);
		Positive positive = annotation(field, Positive.class);
		assertThat(number(schema, "minimum")).as(name)
			.isEqualTo((min != null) ? BigDecimal.valueOf(min.value())
					: (decimal != null) ? new BigDecimal(decimal.value()) : null);
		assertThat(number(schema, "maximum")).as(name)
			.usingComparator(Comparator.nullsFirst(Comparator.naturalOrder()))
			.isEqualTo((max != null) ? BigDecimal.valueOf(max.value()) : null);
		assertThat(number(schema, "exclusiveMinimum")).as(name).isEqualTo((positive != null) ? BigDecimal.ZERO : null);
	}

	private static @Nullable BigDecimal number(JsonNode schema, String name) {
		return schema.has(name) ? schema.get(name).decimalValue() : null;
	}

	/// The schema that `$ref` names: a client in any language gets one type for it.
	private static JsonNode named(JsonNode schema) {
		assertThat(schema.path("$ref").asText()).startsWith("#/components/schemas/");
		return SCHEMAS.path(schema.path("$ref").asText().substring("#/components/schemas/".length()));
	}

	private static String type(JsonNode schema) {
		if (schema.has("$ref")) {
			JsonNode named = named(schema);
			return (named.has("properties") || schema.path("$ref").asText().endsWith("/Numbers")) ? "another schema"
					: type(named);
		}
		return schema.path("type").isTextual() ? schema.path("type").asText() : schema.path("type").path(0).asText();
	}

	private static String type(Type type) {
		String name = type.getTypeName();
		if (name.startsWith("java.util.Map")) {
			return "object";
		}
		Map<String, String> types = Map.of("java.lang.Long", "integer", "long", "integer", "int", "integer",
				"java.lang.Integer", "integer", "java.lang.Double", "number", "double", "number", "java.lang.Boolean",
				"boolean", "boolean", "boolean");
		if (types.containsKey(name)) {
			return types.get(name);
		}
		if (name.contains(".Numbers") || name.contains(".Tensor")
				|| (type instanceof Class<?> nested && Message.class.isAssignableFrom(nested))) {
			return "another schema";
		}
		return name.contains(".Indices") || name.startsWith("java.util.") ? "array" : "string";
	}

	private static String name(RecordComponent field) {
		JsonProperty named = field.getAccessor().getAnnotation(JsonProperty.class);
		return (named != null) ? named.value() : field.getName().toLowerCase(Locale.ROOT);
	}

	private static <A extends Annotation> @Nullable A annotation(RecordComponent field, Class<A> type) {
		return field.getAccessor().getAnnotation(type);
	}

}
