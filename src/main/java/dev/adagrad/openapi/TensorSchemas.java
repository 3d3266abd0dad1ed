package dev.adagrad.openapi;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Extra;
import dev.adagrad.kernel.Preset;
import dev.adagrad.kernel.WeightDecayMode;
import dev.adagrad.session.Included;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.WireNames;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.NumberSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;

/// How tensors and enums look on the wire, which is not how their Java types look.
class TensorSchemas implements OpenApiCustomizer {

	private static final String SCHEMAS = "#/components/schemas/";

	private static final String NUMBERS = "Numbers";

	/// How the tensors of sessions look, which are arrays only.
	private static final String NUMBER_ARRAY = "NumberArray";

	/// What springdoc makes of indices.
	private static final String INDICES = "Indices";

	/// What springdoc makes of tensors that come block by block.
	private static final List<String> BLOCKS = List.of("BlocksNumbers", "BlocksTensor");

	TensorSchemas() {
		Schema<?> reference = new Schema<>().$ref(SCHEMAS + NUMBERS);
		SpringDocUtils types = SpringDocUtils.getConfig();
		types.replaceWithSchema(Numbers.class, reference);
		types.replaceWithSchema(Tensor.class, reference);
		for (Class<? extends Enum<?>> type : List.of(DType.class, EpsilonPlacement.class, WeightDecayMode.class,
				Preset.class, Extra.class, Included.class)) {
			types.replaceWithSchema(type, enumSchema(type));
		}
	}

	private static Schema<?> enumSchema(Class<? extends Enum<?>> type) {
		StringSchema schema = new StringSchema();
		for (Enum<?> constant : type.getEnumConstants()) {
			schema.addEnumItem(WireNames.of(constant));
		}
		return schema;
	}

	@Override
	public void customise(OpenAPI document) {
		var schemas = document.getComponents().getSchemas();
		schemas.forEach((name, schema) -> {
			@SuppressWarnings("unchecked")
			Map<String, Schema<?>> properties = schema.getProperties();
			if (properties != null) {
				properties.replaceAll((field, property) -> onTheWire(name, property));
			}
		});
		schemas.remove(INDICES);
		if (schemas.keySet().removeAll(BLOCKS)) {
			schemas.put(NUMBER_ARRAY, array().description(Texts.NUMBER_ARRAY));
		}
		Schema<?> numbers = new Schema<>().description(Texts.NUMBERS);
		numbers.setOneOf(List.of(number(), array()));
		schemas.put(NUMBERS, numbers);
	}

	private static Schema<?> onTheWire(String schema, Schema<?> property) {
		// what the code keeps as a set is an array like any other on the wire, and
		// clients are generated better so
		property.setUniqueItems(null);
		String reference = property.get$ref();
		if (reference != null) {
			String name = reference.substring(SCHEMAS.length());
			if (name.equals(INDICES)) {
				return indices().description(property.getDescription());
			}
			if (BLOCKS.contains(name) || (name.equals(NUMBERS) && schema.startsWith("Session"))) {
				property.set$ref(SCHEMAS + NUMBER_ARRAY);
			}
		}
		return property;
	}

	/// How indices look, in a body and in a URL.
	static ArraySchema indices() {
		Schema<?> index = new IntegerSchema().format("int32");
		index.setMinimum(BigDecimal.ZERO);
		ArraySchema schema = new ArraySchema();
		schema.items(index).minItems(1);
		return schema;
	}

	private static Schema<?> array() {
		return new ArraySchema().items(number()).minItems(1);
	}

	private static Schema<?> number() {
		return new NumberSchema().format("double");
	}

}
