package dev.adagrad.session;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.adagrad.request.LengthMismatchException;
import dev.adagrad.request.Rules;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.OutOfRangeException;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.InvalidFieldException;

/// What a client sent as numbers, as tensors of a session.
final class Tensors {

	private Tensors() {
	}

	/// One tensor.
	/// @param field the name of the field it came in
	/// @throws InvalidFieldException if an element is beyond the range of the dtype
	static Tensor of(DType dtype, String field, Numbers numbers) {
		return of(dtype, field, numbers, 0);
	}

	/// One tensor of the session's size.
	/// @throws InvalidFieldException if an element is beyond the range of the dtype
	/// @throws LengthMismatchException if it has another length
	static Tensor of(Configuration configuration, String field, Numbers numbers) {
		requireSize(configuration, field, numbers.size());
		return of(configuration.dtype(), field, numbers);
	}

	/// Blocks of a tensor, each made when it is asked for.
	///
	/// Iterating throws [InvalidFieldException] where an element is beyond the range of
	/// the dtype, or negative where it must not be.
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

	/// @throws LengthMismatchException if a field has another length than the session
	static void requireSize(Configuration configuration, String field, int size) {
		if (size != configuration.size()) {
			Map<String, Integer> lengths = new LinkedHashMap<>();
			lengths.put(field, size);
			lengths.put("size", configuration.size());
			throw new LengthMismatchException("/" + field,
					"is an array of length " + size + ", but the session's size is " + configuration.size(), lengths);
		}
	}

	private static Tensor of(DType dtype, String field, Numbers numbers, int offset) {
		try {
			return numbers.as(dtype);
		}
		catch (OutOfRangeException ex) {
			throw new InvalidFieldException("/" + field + "/" + (offset + ex.index()),
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
				throw new InvalidFieldException("/" + this.field + "/" + (this.offset + index),
						Rules.NOT_NEGATIVE + ", was " + block.valueAt(index));
			}
			this.offset += block.size();
			return block;
		}

	}

}
