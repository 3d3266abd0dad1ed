package dev.adagrad.kernel;

/// A step on finite tensors would give an element that is not finite. Nothing has been changed.
///
/// The exception is about the first such element: the one with the lowest index; at the same index G comes first, then
/// the parameter, then whatever else was asked for.
public final class NonFiniteResultException extends RuntimeException {

	private final String tensorName;

	private final long index;

	private final double value;

	private final String model;

	NonFiniteResultException(String tensorName, long index, double value) {
		this("", tensorName, index, value);
	}

	private NonFiniteResultException(String model, String tensorName, long index, double value) {
		super(tensorName + " would be " + value + " at index " + index);
		this.model = model;
		this.tensorName = tensorName;
		this.index = index;
		this.value = value;
	}

	/// The same exception about an element of a named tensor of a model.
	/// @param name the name of the tensor
	/// @param otherIndex the index of the element in the tensor
	public NonFiniteResultException in(String name, long otherIndex) {
		return new NonFiniteResultException(name, this.tensorName, otherIndex, this.value);
	}

	/// The name of the tensor in a model; empty if it has none.
	public String name() {
		return this.model;
	}

	/// Whether the exception is about a norm of the whole step, not about an element.
	public boolean isOfTheWholeStep() {
		return this.tensorName.endsWith("_norm");
	}

	/// The tensor of the result: `G`, `parameter`, `effective_learning_rate` or
	/// `update`; a norm among the metrics; or `grad`, if the values given for one
	/// element add up to this.
	public String tensorName() {
		return this.tensorName;
	}

	/// The flat index of the element.
	public long index() {
		return this.index;
	}

	/// The value that the element would have: infinite or NaN.
	public double value() {
		return this.value;
	}

}
