package dev.adagrad.wire;

import java.util.ArrayList;
import java.util.List;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import org.jspecify.annotations.Nullable;

/// What a header makes of a message: its fields that are no tensors, and which field each tensor of the file is.
///
/// Immutable.
final class SafetensorsPlan {

	private final SafetensorsHeader header;

	private final @Nullable Object[] values;

	private final List<Part> parts;

	private SafetensorsPlan(SafetensorsHeader header, @Nullable Object[] values, List<Part> parts) {
		this.header = header;
		this.values = values;
		this.parts = List.copyOf(parts);
	}

	/// Looks at every name of a header.
	/// @throws Refusal if the file is no such message, whatever its data
	static SafetensorsPlan of(MessageType<?> type, SafetensorsHeader header) {
		Maker maker = new Maker(type, header);
		header.metadata().forEach(maker::metadata);
		List<Part> parts = new ArrayList<>();
		for (SafetensorsHeader.Entry entry : header.tensors()) {
			parts.add(new Part(maker.field(entry), entry));
		}
		maker.requireOneDType();
		maker.requireOneShape();
		return new SafetensorsPlan(header, maker.values, parts);
	}

	SafetensorsHeader header() {
		return this.header;
	}

	/// The fields of the message, in the order of the record's components; null where
	/// absent, or to come from a tensor. A new array.
	@Nullable Object[] values() {
		return this.values.clone();
	}

	/// The tensors, in the order of their data.
	List<Part> parts() {
		return this.parts;
	}

	/// A tensor of the file, and the field that it is.
	record Part(MessageType.Field field, SafetensorsHeader.Entry entry) {
	}

	private static final class Maker {

		private final MessageType<?> type;

		private final SafetensorsHeader header;

		private final @Nullable Object[] values;

		Maker(MessageType<?> type, SafetensorsHeader header) {
			this.type = type;
			this.header = header;
			this.values = new @Nullable Object[type.fields().size()];
		}

		void metadata(String name, String text) {
			if (name.equals(Safetensors.FORMAT)) {
				return;
			}
			MessageType.Field field = find(name);
			if (field.kind().isTensor()) {
				throw Refusal.at(Code.INVALID_FIELD, field.pointer(),
						"must be a tensor, was a string in " + Safetensors.METADATA);
			}
			this.values[field.index()] = MetadataValue.read(field, text);
		}

		private MessageType.Field find(String name) {
			MessageType.Field field = this.type.find(name);
			if (field == null) {
				throw Refusal.at(Code.INVALID_FIELD, Excerpt.pointer(name),
						FieldNames.unknown(name, this.type.fields()));
			}
			return field;
		}

		/// The field that a tensor of the file is, if it can be.
		MessageType.Field field(SafetensorsHeader.Entry entry) {
			MessageType.Field field = find(entry.name());
			if (!field.kind().isTensor()) {
				throw Refusal.at(Code.INVALID_FIELD, field.pointer(),
						"must be a string in " + Safetensors.METADATA + ", was a tensor");
			}
			boolean indices = field.kind() == MessageType.Kind.INDICES;
			if (indices != (entry.dtype() == null)) {
				throw Refusal.at(Code.DTYPE_MISMATCH, field.pointer(),
						"is " + entry.dtypeName() + ", must be " + (indices ? Safetensors.I64 : Safetensors.FLOATING));
			}
			if (entry.shape().isScalar() && field.kind() != MessageType.Kind.NUMBERS) {
				throw Refusal.at(Code.INVALID_FIELD, field.pointer(),
						"must be an array of " + (indices ? "integers" : "numbers") + ", was a number");
			}
			return field;
		}

		void requireOneDType() {
			SafetensorsHeader.@Nullable Entry first = null;
			for (SafetensorsHeader.Entry entry : this.header.tensors()) {
				if (entry.dtype() != null) {
					if (first == null) {
						first = entry;
						becomes(entry);
					}
					else if (entry.dtype() != first.dtype()) {
						throw Refusal.at(Code.DTYPE_MISMATCH, find(entry.name()).pointer(),
								"is " + entry.dtypeName() + ", but " + first.name() + " is " + first.dtypeName());
					}
				}
			}
		}

		/// The message's dtype is that of its tensors.
		private void becomes(SafetensorsHeader.Entry entry) {
			MessageType.Field field = this.type.dtypeField();
			if (field != null) {
				Object named = this.values[field.index()];
				if (named != null && named != entry.dtype()) {
					throw Refusal.at(Code.DTYPE_MISMATCH, find(entry.name()).pointer(),
							"is " + entry.dtypeName() + ", but dtype is " + named);
				}
				this.values[field.index()] = entry.dtype();
			}
		}

		/// Of as many elements: those of others are told by whoever knows which lengths
		/// there must be.
		void requireOneShape() {
			List<SafetensorsHeader.Entry> tensors = this.header.tensors();
			for (SafetensorsHeader.Entry entry : tensors) {
				SafetensorsHeader.Entry first = tensors.getFirst();
				if (entry.shape().size() == first.shape().size() && !entry.shape().equals(first.shape())) {
					throw Refusal.at(Code.INVALID_FIELD, find(entry.name()).pointer(),
							"must have one shape with the other tensors: is " + entry.shape().dimensions() + ", but "
									+ first.name() + " is " + first.shape().dimensions());
				}
			}
		}

	}

}
