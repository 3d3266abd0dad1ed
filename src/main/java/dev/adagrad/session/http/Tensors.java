package dev.adagrad.session.http;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Place;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.Rules;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Layout;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.session.Vector;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.OutOfRangeException;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.tensor.TensorNames;
import org.jspecify.annotations.Nullable;

/// The numbers that a client sent, as tensors of a session.
final class Tensors {

	private Tensors() {
	}

	/// What a request says of each tensor, unnamed or named, in ascending order of the
	/// tensors' places in the session's layout.
	/// @param alone what it says of the unnamed tensor
	/// @param named what it says of named tensors, if it names any
	/// @throws Refusal if it names a tensor that the session does not have, if it names
	/// tensors and the session's has no name, or the other way round
	static <T> List<Sent<T>> sent(Configuration configuration, T alone, @Nullable Map<String, ? extends T> named) {
		Layout layout = configuration.layout();
		if (named == null) {
			if (layout.isNamed()) {
				throw Refusal.at(Code.INVALID_FIELD, "/tensors",
						Rules.REQUIRED + ": the tensors of this session have names");
			}
			return List.of(new Sent<>(0, layout.tensors().getFirst(), "", alone));
		}
		if (!layout.isNamed()) {
			throw Refusal.at(Code.INVALID_FIELD, "/tensors",
					"must not be sent: the one tensor of this session has no name");
		}
		List<Sent<T>> sent = new ArrayList<>(named.size());
		named.forEach((name, each) -> {
			String place = place(name);
			int tensor = layout.find(name)
				.orElseThrow(() -> Refusal.at(Code.INVALID_FIELD, place, "is no tensor of this session"));
			sent.add(new Sent<>(tensor, layout.tensors().get(tensor), place, each));
		});
		sent.sort((a, b) -> Integer.compare(a.tensor(), b.tensor()));
		return sent;
	}

	/// The pointer of a tensor; empty if it has no name.
	static String place(String name) {
		return name.isEmpty() ? "" : "/tensors" + TensorNames.pointer(name);
	}

	/// The numbers as a tensor of the session's dtype.
	/// @param pointer of the field that they came in
	/// @param needed how many numbers there must be, and why
	/// @throws Refusal if an element is beyond the range of the dtype, or there are more
	/// or fewer numbers
	static Tensor of(DType dtype, String pointer, Numbers numbers, Length needed) {
		needed.require(pointer, numbers.shape());
		return of(dtype, pointer, numbers, 0, numbers.shape().isScalar());
	}

	/// @param rule the rule that a larger tensor breaks
	/// @param instead which call to use instead
	/// @param maxElements the most elements that a call carries
	/// @throws Refusal if the tensor has more
	static void requireWhole(TensorSpec tensor, int maxElements, String pointer, String rule, String instead) {
		if (tensor.size() > maxElements) {
			throw Refusal.at(Code.INVALID_FIELD, pointer,
					rule + ": " + (tensor.name().isEmpty() ? "the session" : "the tensor") + " has " + tensor.size()
							+ " elements, and one call carries at most " + maxElements + "; " + instead);
		}
	}

	/// @param place the pointer of the tensor
	/// @throws Refusal if a parameter is sent and the server holds it, or none is sent
	/// and the server does not
	static void requireParameterWhereNotHeld(Configuration configuration, String place, @Nullable Object parameter) {
		if (configuration.holdsParameter() == (parameter != null)) {
			throw Refusal.at(Code.INVALID_FIELD, place + "/parameter",
					(parameter != null) ? "must not be sent: the server holds the parameter of this session"
							: Rules.REQUIRED + ": the server does not hold the parameter of this session");
		}
	}

	/// Blocks of a tensor. Each is made when the iterator reaches it.
	///
	/// Iterating throws [Refusal] if an element is beyond the range of the dtype, or is
	/// negative and must not be.
	/// @param pointer of the field that they came in
	static Blocks<Tensor> of(DType dtype, String pointer, Blocks<Numbers> blocks, boolean nonNegative) {
		boolean scalar = blocks.shape().isScalar();
		return new Blocks<>() {
			@Override
			public Shape shape() {
				return blocks.shape();
			}

			@Override
			public Iterator<Tensor> iterator() {
				Iterator<Numbers> each = blocks.iterator();
				return new Iterator<>() {
					private int offset;

					@Override
					public boolean hasNext() {
						return each.hasNext();
					}

					@Override
					public Tensor next() {
						Tensor block = Tensors.of(dtype, pointer, each.next(), this.offset, scalar);
						if (nonNegative && block.bounds().min() < 0) {
							throw negative(pointer, block, this.offset, scalar);
						}
						this.offset += block.size();
						return block;
					}
				};
			}
		};
	}

	/// The refusal for the first element of a block that is negative.
	private static Refusal negative(String pointer, Tensor block, int offset, boolean scalar) {
		int index = 0;
		while (block.valueAt(index) >= 0) {
			index++;
		}
		return Refusal.at(Code.INVALID_FIELD, scalar ? pointer : pointer + "/" + (offset + index),
				Rules.NOT_NEGATIVE + ", was " + block.valueAt(index));
	}

	/// Joins blocks into one tensor.
	static Tensor whole(Blocks<Tensor> blocks) {
		List<Tensor> pieces = new ArrayList<>();
		blocks.forEach(pieces::add);
		return Tensor.join(pieces).withShape(Shape.vector(blocks.size()));
	}

	private static Tensor of(DType dtype, String pointer, Numbers numbers, int offset, boolean scalar) {
		if (numbers instanceof Tensor tensor && tensor.dtype() != dtype) {
			throw Refusal.at(Code.DTYPE_MISMATCH, pointer,
					"is " + tensor.dtype() + ", but the session's dtype is " + dtype);
		}
		try {
			return numbers.as(dtype);
		}
		catch (OutOfRangeException ex) {
			throw Refusal.at(Code.INVALID_FIELD, scalar ? pointer : pointer + "/" + (offset + ex.index()),
					"must fit " + dtype + ", was " + ex.value());
		}
	}

	/// What a request says of a tensor.
	///
	/// @param tensor its place in the layout
	/// @param place its pointer
	record Sent<T>(int tensor, TensorSpec spec, String place, T fields) {
	}

	/// How many elements a field must have, and in which shape.
	///
	/// @param size the number of elements
	/// @param name the field that decides it
	/// @param whose a sentence that gives the length of that field
	/// @param shape of a tensor with a name: the shape in which the elements may come, if
	/// they are not flat; its elements land by it. A tensor without a name takes any
	record Length(long size, String name, long otherSize, String whose, boolean scalar, Optional<List<Long>> shape) {

		/// The length of a tensor in a vector.
		static Length of(TensorSpec tensor, Vector vector) {
			long size = tensor.size(vector);
			String whose = tensor.name().isEmpty() ? "the session's size is " + size
					: "the tensor's shape is " + tensor.shape() + ((vector == Vector.G && tensor.rowWise())
							? ", with one G for each of its " + size + " rows" : "");
			return new Length(size, "size", size, whose, tensor.shape().isEmpty(), named(tensor, tensor.shape(vector)));
		}

		/// The length of a tensor, or of some of its entries, in a vector.
		static Length of(TensorSpec tensor, @Nullable Indices indices, Vector vector) {
			if (indices == null) {
				return of(tensor, vector);
			}
			int entries = indices.size();
			long perEntry = tensor.perRow(vector);
			List<Long> shape = new ArrayList<>(tensor.shape(vector));
			shape.set(0, (long) entries);
			return new Length(entries * perEntry, "indices", entries,
					"indices is an array of length " + entries
							+ ((perEntry > 1) ? ", and each entry has " + perEntry + " elements" : ""),
					false, named(tensor, shape));
		}

		private static Optional<List<Long>> named(TensorSpec tensor, List<Long> shape) {
			return tensor.name().isEmpty() ? Optional.empty() : Optional.of(shape);
		}

		/// @throws Refusal if a shape has another number of elements, is that of a number
		/// where an array is needed, or is neither flat nor the one needed
		void require(String pointer, Shape given) {
			if (given.isScalar() != this.scalar) {
				throw Refusal.at(Code.INVALID_FIELD, pointer,
						this.scalar ? "must be a number, was an array" : "must be an array of numbers, was a number");
			}
			if (given.size() != this.size) {
				Map<String, Long> lengths = new LinkedHashMap<>();
				lengths.put(pointer.substring(pointer.lastIndexOf('/') + 1), (long) given.size());
				lengths.put(this.name, this.otherSize);
				throw Refusal.lengths(
						List.of(new Place(pointer, "is an array of length " + given.size() + ", but " + this.whose)),
						lengths);
			}
			this.shape.ifPresent((needed) -> requireShape(pointer, given, needed));
		}

		private static void requireShape(String pointer, Shape given, List<Long> needed) {
			List<Long> shape = given.dimensions().stream().map(Integer::longValue).toList();
			if (shape.size() > 1 && !shape.equals(needed)) {
				throw Refusal.at(Code.INVALID_FIELD, pointer,
						"is a tensor of shape " + shape + ", must have the shape " + needed);
			}
		}

	}

}
