package dev.adagrad.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.adagrad.refusal.Excerpt;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.spool.Room;
import dev.adagrad.tensor.TensorNames;
import org.jspecify.annotations.Nullable;

/// What a header says about a message: its fields that are not tensors, and the field of each tensor in the file.
///
/// Immutable.
///
/// @param values the fields of the message, in the order of the record's components; null if absent, or if a tensor will
/// provide it. Its accessor makes a new array
/// @param named the fields of each named message, as `values`
/// @param parts the tensors, in the order of their data
@SuppressWarnings("ArrayRecordComponent")
record SafetensorsPlan(SafetensorsHeader header, @Nullable Object[] values, Map<String, @Nullable Object[]> named,
		List<SafetensorsPlan.Part> parts) {

	/// Checks every name in a header.
	/// @throws Refusal if the file cannot be such a message, whatever its data
	static SafetensorsPlan of(MessageType<?> type, SafetensorsHeader header, Limits limits, Room room) {
		Maker maker = new Maker(type, limits, room);
		header.metadata().forEach(maker::metadata);
		List<Part> parts = new ArrayList<>();
		for (SafetensorsHeader.Entry entry : header.tensors()) {
			parts.add(maker.part(entry));
		}
		maker.requireOneDType(parts);
		Maker.requireOneShape(parts);
		return new SafetensorsPlan(header, maker.values, maker.named, List.copyOf(parts));
	}

	@Override
	public @Nullable Object[] values() {
		return this.values.clone();
	}

	@Override
	public Map<String, @Nullable Object[]> named() {
		Map<String, @Nullable Object[]> copy = new LinkedHashMap<>();
		this.named.forEach((name, fields) -> copy.put(name, fields.clone()));
		return copy;
	}

	/// A tensor of the file, and the field that it stands for.
	///
	/// @param name the name of the message that the field belongs to; empty for the
	/// message itself
	/// @param pointer the pointer of the field
	record Part(String name, MessageField field, String pointer, SafetensorsHeader.Entry entry) {
	}

	private static final class Maker {

		private final MessageType<?> type;

		private final Limits limits;

		private final Room room;

		private final @Nullable Object[] values;

		private Map<String, @Nullable Object[]> named = new LinkedHashMap<>();

		Maker(MessageType<?> type, Limits limits, Room room) {
			this.type = type;
			this.limits = limits;
			this.room = room;
			this.values = new @Nullable Object[type.fields().size()];
		}

		void metadata(String name, String text) {
			if (name.equals(Safetensors.FORMAT)) {
				return;
			}
			MessageField field = find(name);
			if (field.kind().isTensor()) {
				throw Refusal.at(Code.INVALID_FIELD, field.pointer(),
						"must be a tensor, was a string in " + Safetensors.METADATA);
			}
			if (field.kind() == FieldKind.NAMED) {
				this.named = JsonMessageReader.named(field, text, this.limits, this.room);
			}
			else {
				this.values[field.index()] = (field.kind() == FieldKind.MESSAGE)
						? JsonMessageReader.message(field, text, this.limits, this.room)
						: MetadataValue.read(field, text);
			}
		}

		private MessageField find(String name) {
			MessageField field = this.type.find(name);
			if (field == null) {
				throw Refusal.at(Code.INVALID_FIELD, Excerpt.pointer(name), this.type.unknown(name));
			}
			return field;
		}

		/// A tensor of the file with the field that it stands for. Refuses a tensor that
		/// stands for none.
		Part part(SafetensorsHeader.Entry entry) {
			MessageField named = this.type.namedField();
			int slash = entry.name().indexOf('/');
			if (named == null || slash < 0) {
				MessageField field = find(entry.name());
				return part("", field, field.pointer(), entry);
			}
			String name = entry.name().substring(slash + 1);
			MessageField field = named.nested().find(entry.name().substring(0, slash));
			if (field == null || !TensorNames.isValid(name)) {
				throw Refusal.at(Code.INVALID_FIELD, Excerpt.pointer(entry.name()), (field == null)
						? named.nested().unknown(entry.name().substring(0, slash))
						: "has no name of a tensor behind " + field.name() + "/: must match " + TensorNames.GRAMMAR);
			}
			String place = named.pointer() + TensorNames.pointer(name);
			this.named.computeIfAbsent(name, (missing) -> new @Nullable Object[named.nested().fields().size()]);
			return part(name, field, place + field.pointer(), entry);
		}

		private static Part part(String name, MessageField field, String pointer, SafetensorsHeader.Entry entry) {
			if (!field.kind().isTensor()) {
				throw Refusal.at(Code.INVALID_FIELD, pointer,
						"must be a string in " + Safetensors.METADATA + ", was a tensor");
			}
			boolean indices = field.kind() == FieldKind.INDICES;
			if (indices != (entry.dtype() == null)) {
				throw Refusal.at(Code.DTYPE_MISMATCH, pointer,
						"is " + entry.dtypeName() + ", must be " + (indices ? Safetensors.I64 : Safetensors.FLOATING));
			}
			if (entry.shape().isScalar() && indices) {
				throw Refusal.at(Code.INVALID_FIELD, pointer, "must be an array of integers, was a number");
			}
			return new Part(name, field, pointer, entry);
		}

		void requireOneDType(List<Part> parts) {
			SafetensorsHeader.@Nullable Entry first = null;
			for (Part part : parts) {
				SafetensorsHeader.Entry entry = part.entry();
				if (entry.dtype() != null) {
					if (first == null) {
						first = entry;
						becomes(part);
					}
					else if (entry.dtype() != first.dtype()) {
						throw Refusal.at(Code.DTYPE_MISMATCH, part.pointer(),
								"is " + entry.dtypeName() + ", but " + first.shownName() + " is " + first.dtypeName());
					}
				}
			}
		}

		/// Sets the message's dtype to that of its tensors.
		private void becomes(Part part) {
			MessageField field = this.type.dtypeField();
			if (field != null) {
				Object named = this.values[field.index()];
				if (named != null && named != part.entry().dtype()) {
					throw Refusal.at(Code.DTYPE_MISMATCH, part.pointer(),
							"is " + part.entry().dtypeName() + ", but dtype is " + named);
				}
				this.values[field.index()] = part.entry().dtype();
			}
		}

		/// Compares only tensors with the same number of elements and without a name.
		/// Code that knows which lengths are needed checks the others, and also named
		/// tensors, whose shapes have a meaning.
		static void requireOneShape(List<Part> parts) {
			for (Part part : parts) {
				SafetensorsHeader.Entry entry = part.entry();
				SafetensorsHeader.Entry first = parts.getFirst().entry();
				if (part.name().isEmpty() && entry.shape().size() == first.shape().size()
						&& !entry.shape().equals(first.shape())) {
					throw Refusal.at(Code.INVALID_FIELD, part.pointer(),
							"must have one shape with the other tensors: is " + entry.shape().dimensions() + ", but "
									+ first.shownName() + " is " + first.shape().dimensions());
				}
			}
		}

	}

}
