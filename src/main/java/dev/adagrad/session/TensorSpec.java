package dev.adagrad.session;

import java.util.List;

import dev.adagrad.kernel.Hyperparameters;

/// One tensor of a session: its name, its shape, and the settings of its steps.
///
/// Immutable; cannot exist out of range.
///
/// @param name empty if it is the only tensor and has no name
/// @param shape of θ, outermost dimension first; empty for a bare number
/// @param rowWise whether all elements of an entry along the first axis share one element of G
/// @param frozen whether steps leave θ and G as they are
/// @param hyperparameters in force for it
public record TensorSpec(String name, List<Long> shape, boolean rowWise, boolean frozen,
		Hyperparameters hyperparameters) {

	/// The most elements of a tensor: 2⁴⁰. Their bytes can be counted with ease.
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

	/// The number of elements of θ.
	public long size() {
		return rows() * rowLength();
	}

	/// The number of entries along the first axis; 1 for a bare number.
	public long rows() {
		return this.shape.isEmpty() ? 1 : this.shape.getFirst();
	}

	/// The number of elements of θ in an entry.
	public long rowLength() {
		long length = 1;
		for (int axis = 1; axis < this.shape.size(); axis++) {
			length *= this.shape.get(axis);
		}
		return length;
	}

	/// The number of elements of a vector in an entry.
	public long perRow(Vector vector) {
		return (vector == Vector.G && this.rowWise) ? 1 : rowLength();
	}

	/// The number of elements of a vector.
	public long size(Vector vector) {
		return rows() * perRow(vector);
	}

	/// The shape in a vector.
	public List<Long> shape(Vector vector) {
		return (vector == Vector.G && this.rowWise && !this.shape.isEmpty()) ? List.of(this.shape.getFirst())
				: this.shape;
	}

	/// Whether several elements of θ may share one of G.
	public boolean sharesG() {
		return perRow(Vector.G) < rowLength();
	}

}
