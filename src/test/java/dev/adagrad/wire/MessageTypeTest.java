package dev.adagrad.wire;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class MessageTypeTest {

	@Test
	void fieldsAreTheComponents() {
		assertThat(Documents.TYPE.fields()).extracting(MessageField::name)
			.containsExactly("parameter", "grad", "G", "learning_rate", "step", "maximize", "dtype",
					"epsilon_placement", "include", "name", "size", "indices");
		assertThat(Documents.TYPE.fields()).extracting(MessageField::kind)
			.containsExactly(FieldKind.NUMBERS, FieldKind.NUMBERS, FieldKind.NUMBERS, FieldKind.DOUBLE, FieldKind.LONG,
					FieldKind.BOOLEAN, FieldKind.DTYPE, FieldKind.ENUM, FieldKind.ENUM_SET, FieldKind.STRING,
					FieldKind.INTEGER, FieldKind.INDICES);
		assertThat(MessageType.of(Documents.Everything.class)).isSameAs(Documents.TYPE);
	}

	private static String pointer(Class<?> message, String component) {
		MessagePointer pointer = new MessagePointer(message);
		pointer.component(component);
		return pointer.toString();
	}

	@Test
	void namesOnTheWire() {
		assertThat(pointer(Documents.Everything.class, "epsilonPlacement")).isEqualTo("/epsilon_placement");
		assertThat(pointer(Documents.Everything.class, "grad")).isEqualTo("/grad");
		assertThat(pointer(Documents.Everything.class, "elsewhere")).isEqualTo("/elsewhere");
		assertThat(pointer(String.class, "learningRate")).isEqualTo("/learningRate");
		assertThat(WireNames.of(DType.F32)).isEqualTo("F32");
		assertThat(WireNames.of(Documents.Placement.INSIDE_SQRT)).isEqualTo("inside_sqrt");
	}

	@Test
	void aConstantMayHaveANameOfItsOwn() {
		assertThat(WireNames.of(Named.G)).isEqualTo("G");
		assertThat(WireNames.of(Named.UPDATE)).isEqualTo("update");
		assertThat(WireNames.of(Named.class).oneOf()).isEqualTo("must be one of \"G\", \"update\"");
		assertThat(WireNames.of(Named.class).find("G")).isEqualTo(Named.G);
		assertThat(WireNames.of(Named.class).find("g")).isNull();
		assertThatIllegalArgumentException().isThrownBy(() -> WireNames.of(NamedTwice.class));
	}

	@Test
	void makesTheRecordAndTakesItApart() {
		MessageType<Pair> type = MessageType.of(Pair.class);
		Pair pair = type.create(new @Nullable Object[] { 3L, null });
		assertThat(pair).isEqualTo(new Pair(3L, null));
		assertThat(type.fields().get(0).valueIn(pair)).isEqualTo(3L);
		assertThat(type.fields().get(1).valueIn(pair)).isNull();
		assertThatIllegalStateException().isThrownBy(() -> type.fields().get(0).names());
	}

	@Test
	void whatTheRecordThrowsComesThrough() {
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> MessageType.of(Refusing.class).create(new @Nullable Object[] { 1L }));
	}

	@Test
	void someKindsAreOnlyWritten() {
		assertThat(MessageType.of(Pair.class).isReadable()).isTrue();
		assertThat(MessageType.of(Primitive.class).isReadable()).isFalse();
		assertThat(MessageType.of(WithTensor.class).isReadable()).isFalse();
		assertThat(MessageType.of(At.class).isReadable()).isFalse();
		assertThat(MessageType.of(Many.class).isReadable()).isFalse();
	}

	@Test
	void blocksAreReadOfNumbersAndWrittenOfTensors() {
		MessageType<Staged> staged = MessageType.of(Staged.class);
		assertThat(staged.fields()).extracting(MessageField::kind)
			.containsExactly(FieldKind.STAGED_NUMBERS, FieldKind.LONG);
		assertThat(staged.isReadable()).isTrue();
		MessageType<InBlocks> written = MessageType.of(InBlocks.class);
		assertThat(written.fields()).extracting(MessageField::kind)
			.containsExactly(FieldKind.TENSOR_BLOCKS, FieldKind.TENSOR_BLOCKS);
		assertThat(written.isReadable()).isFalse();
		assertThatIllegalArgumentException().isThrownBy(() -> MessageType.of(OfAnyBlocks.class));
	}

	@Test
	void onlyAlwaysIsAlways() {
		assertThat(MessageType.of(Many.class).fields()).extracting(MessageField::always)
			.containsExactly(false, true, false);
	}

	@Test
	void refusesWhatNoMessageCanCarry() {
		assertThatIllegalArgumentException().isThrownBy(() -> MessageType.of(OfLists.class));
		assertThatIllegalArgumentException().isThrownBy(() -> MessageType.of(OfStrings.class));
		assertThatIllegalArgumentException().isThrownBy(() -> MessageType.of(Twice.class));
		assertThatIllegalArgumentException().isThrownBy(() -> MessageType.ofAny(String.class));
	}

	record Pair(@Nullable Long first, @Nullable DType second) implements Message {
	}

	record Primitive(long first) implements Message {
	}

	record WithTensor(DoubleTensor tensor) implements Message {
	}

	record Staged(@Nullable Blocks<Numbers> G, @Nullable Long step) implements Message {
	}

	record StagedInPart(@Nullable Blocks<Numbers> G, @Nullable Numbers grad) implements Message {
	}

	record InBlocks(Blocks<Tensor> G, Blocks<DoubleTensor> parameter) implements Message {
	}

	record OfAnyBlocks(Blocks<?> G) implements Message {
	}

	record At(Instant at) implements Message {
	}

	record Many(List<Pair> pairs, @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String next,
			@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String other) implements Message {
	}

	enum Named {

		@JsonProperty("G")
		G, UPDATE

	}

	enum NamedTwice {

		A, @JsonProperty("a")
		B

	}

	record Refusing(@Nullable Long first) implements Message {

		Refusing {
			throw new UnsupportedOperationException();
		}

	}

	record OfLists(List<Integer> list) implements Message {
	}

	record OfStrings(Set<String> strings) implements Message {
	}

	record Twice(@JsonProperty("b") @Nullable Long a, @Nullable Long b) implements Message {
	}

}
