package dev.adagrad.session;

import java.util.List;

import dev.adagrad.kernel.Hyperparameters;

/// One tensor of a session: what it is called, its shape, and what holds for its steps.
///
/// Immutable; cannot exist out of range.
///
/// @param name empty where it is the only one, and has none
/// @param shape of θ, outermost dimension first; empty for a bare number
/// @param rowWise whether all elements of an entry along the first axis share one of G
/// @param frozen whether steps move neither θ nor G
/// @param hyperparameters in force for it
public record TensorSpec(String name, List<Long> shape, boolean rowWise, boolean frozen,
		Hyperparameters hyperparameters) {

	/// The most elements of a tensor: 2⁴⁰, whose bytes can be counted with ease.
	public static final long MOST_ELEMENTS = 1L << 40;

	/// @throws IllegalArgumentException if the shape has no elements, or too many
	public TensorSpec {
		shape = List.copyOf(shape);
		long size = 1;
		for (long dimension : shape) {
			if (dimension < 1 || dimension > MOST_ELEMENTS / size) {
				throw new IllegalArgumentException("no shape of 1 to " + MOST_ELEMENTS + " elements: " + shape);
			}
			size *= dimension;
		}
	}

	/// How many elements of θ it has.
	public long size() {
		return rows() * rowLength();
	}

	/// How many entries it has along its first axis; 1 for a bare number.
	public long rows() {
		return this.shape.isEmpty() ? 1 : this.shape.getFirst();
	}

	/// How many elements of θ an entry has.
	public long rowLength() {
		long length = 1;
		for (int axis = 1; axis < this.shape.size(); axis++) {
			length *= this.shape.get(axis);
		}
		return length;
	}

	/// How many elements of G an entry has.
	public long sumsPerRow() {
		return this.rowWise ? 1 : rowLength();
	}

	/// How many elements of G it has.
	public long sums() {
		return rows() * sumsPerRow();
	}

	/// The shape of G.
	public List<Long> shapeOfG() {
		return (this.rowWise && !this.shape.isEmpty()) ? List.of(this.shape.getFirst()) : this.shape;
	}

	/// Whether the elements of θ and of G are not one to one.
	public boolean sharesG() {
		return sumsPerRow() < rowLength();
	}

}
