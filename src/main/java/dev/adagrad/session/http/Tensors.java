package dev.adagrad.session.http;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Place;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.Rules;
import dev.adagrad.session.Configuration;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.DTypeMismatchException;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.OutOfRangeException;
import dev.adagrad.tensor.Tensor;

/// What a client sent as numbers, as tensors of a session.
final class Tensors {

	private Tensors() {
	}

	/// One tensor of the session's size.
	/// @param field the name of the field it came in
	/// @throws Refusal if an element is beyond the range of the dtype, or it has another
	/// length
	static Tensor of(Configuration configuration, String field, Numbers numbers) {
		requireSize(configuration, field, numbers.size());
		return of(configuration.dtype(), field, numbers, 0);
	}

	/// One tensor with an element for each index.
	/// @param field the name of the field it came in
	/// @throws Refusal if an element is beyond the range of the dtype, or it has another
	/// length
	static Tensor of(Configuration configuration, String field, Numbers numbers, Indices indices) {
		if (numbers.size() != indices.size()) {
			throw mismatch(field, numbers.size(), "indices", indices.size(),
					"indices is an array of length " + indices.size());
		}
		return of(configuration.dtype(), field, numbers, 0);
	}

	/// @throws Refusal if there is no such element in the session
	static void requireInRange(Configuration configuration, Indices indices) {
		long[] values = indices.values();
		for (int place = 0; place < values.length; place++) {
			if (values[place] >= configuration.size()) {
				throw Refusal.at(Code.INDEX_OUT_OF_RANGE, "/indices/" + place,
						"must be within 0 … " + (configuration.size() - 1) + ", was " + values[place]);
			}
		}
	}

	/// @param maxElements the most that a call carries
	/// @param rule what the place breaks
	/// @param instead which call to use
	/// @throws Refusal if the session has more
	static void requireWhole(Configuration configuration, int maxElements, String pointer, String rule,
			String instead) {
		if (configuration.size() > maxElements) {
			throw Refusal.at(Code.INVALID_FIELD, pointer, rule + ": the session has " + configuration.size()
					+ " elements, and one call carries at most " + maxElements + "; " + instead);
		}
	}

	/// Blocks of a tensor, each made when it is asked for.
	///
	/// Iterating throws [Refusal] where an element is beyond the range of the dtype, or
	/// negative where it must not be.
	static Blocks<Tensor> of(DType dtype, String field, Blocks<Numbers> blocks, boolean nonNegative) {
		return new Blocks<>() {
			@Override
			public int size() {
				return blocks.size();
			}

			@Override
			public Iterator<Tensor> iterator() {
				return new Converted(dtype, field, blocks.iterator(), nonNegative);
			}
		};
	}

	/// Reads blocks to their end, so that what is wrong with them is thrown now.
	static void check(Blocks<Tensor> blocks) {
		for (Tensor block : blocks) {
			if (block.size() == 0) {
				throw new IllegalStateException("a block has no elements");
			}
		}
	}

	/// @throws Refusal if a field has another length than the session
	static void requireSize(Configuration configuration, String field, int size) {
		if (size != configuration.size()) {
			throw mismatch(field, size, "size", configuration.size(), "the session's size is " + configuration.size());
		}
	}

	private static Refusal mismatch(String field, int length, String otherName, long otherLength, String other) {
		Map<String, Long> lengths = new LinkedHashMap<>();
		lengths.put(field, (long) length);
		lengths.put(otherName, otherLength);
		return Refusal.lengths(List.of(new Place("/" + field, "is an array of length " + length + ", but " + other)),
				lengths);
	}

	private static Tensor of(DType dtype, String field, Numbers numbers, int offset) {
		try {
			return numbers.as(dtype);
		}
		catch (DTypeMismatchException ex) {
			throw Refusal.at(Code.DTYPE_MISMATCH, "/" + field,
					"is " + ex.actual() + ", but the session's dtype is " + ex.expected());
		}
		catch (OutOfRangeException ex) {
			throw Refusal.at(Code.INVALID_FIELD, "/" + field + "/" + (offset + ex.index()),
					"must fit " + dtype + ", was " + ex.value());
		}
	}

	/// Makes each block a tensor.
	private static final class Converted implements Iterator<Tensor> {

		private final DType dtype;

		private final String field;

		private final Iterator<Numbers> blocks;

		private final boolean nonNegative;

		private int offset;

		Converted(DType dtype, String field, Iterator<Numbers> blocks, boolean nonNegative) {
			this.dtype = dtype;
			this.field = field;
			this.blocks = blocks;
			this.nonNegative = nonNegative;
		}

		@Override
		public boolean hasNext() {
			return this.blocks.hasNext();
		}

		@Override
		public Tensor next() {
			Tensor block = of(this.dtype, this.field, this.blocks.next(), this.offset);
			if (this.nonNegative && block.bounds().min() < 0) {
				int index = 0;
				while (block.valueAt(index) >= 0) {
					index++;
				}
				throw Refusal.at(Code.INVALID_FIELD, "/" + this.field + "/" + (this.offset + index),
						Rules.NOT_NEGATIVE + ", was " + block.valueAt(index));
			}
			this.offset += block.size();
			return block;
		}

	}

}
