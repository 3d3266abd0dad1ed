package dev.adagrad.openapi;

import java.util.List;

import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Extra;
import dev.adagrad.kernel.Preset;
import dev.adagrad.kernel.WeightDecayMode;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.WireNames;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.NumberSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;

/// How tensors and enums look on the wire, which is not how their Java types look.
class TensorSchemas implements OpenApiCustomizer {

	private static final String NUMBERS = "Numbers";

	TensorSchemas() {
		Schema<?> reference = new Schema<>().$ref("#/components/schemas/" + NUMBERS);
		SpringDocUtils types = SpringDocUtils.getConfig();
		types.replaceWithSchema(Numbers.class, reference);
		types.replaceWithSchema(Tensor.class, reference);
		for (Class<? extends Enum<?>> type : List.of(DType.class, EpsilonPlacement.class, WeightDecayMode.class,
				Preset.class, Extra.class)) {
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
		Schema<?> numbers = new Schema<>().description(Texts.NUMBERS);
		numbers.setOneOf(List.of(number(), new ArraySchema().items(number()).minItems(1)));
		document.getComponents().addSchemas(NUMBERS, numbers);
		// what the code keeps as a set is an array like any other on the wire, and
		// clients are generated better so
		for (Schema<?> schema : document.getComponents().getSchemas().values()) {
			if (schema.getProperties() != null) {
				schema.getProperties().values().forEach((property) -> property.setUniqueItems(null));
			}
		}
	}

	private static Schema<?> number() {
		return new NumberSchema().format("double");
	}

}
