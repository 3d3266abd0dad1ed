package dev.adagrad.kernel;

/// A step on finite tensors would give an element that is not finite. Nothing has been changed.
///
/// It is the first such element: the lowest index; at one index G, then the parameter, then what else was asked for.
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

	/// The same of an element that is known by another index: that of the tensor which
	/// the step was about a part of.
	public NonFiniteResultException at(long otherIndex) {
		return new NonFiniteResultException(this.model, this.tensorName, otherIndex, this.value);
	}

	/// The same of an element of a named tensor of a model.
	/// @param name the tensor's
	/// @param otherIndex the element's in it
	public NonFiniteResultException in(String name, long otherIndex) {
		return new NonFiniteResultException(name, this.tensorName, otherIndex, this.value);
	}

	/// The name of the tensor in a model; empty where it has none.
	public String name() {
		return this.model;
	}

	/// Whether it is no element, but a norm of the whole step.
	public boolean isOfTheWholeStep() {
		return this.tensorName.endsWith("_norm");
	}

	/// The tensor of the result: `G`, `parameter`, `effective_learning_rate` or `update`;
	/// a norm among the metrics; or `grad`, where the values given for one element add up
	/// to this.
	public String tensorName() {
		return this.tensorName;
	}

	/// The flat index of the element.
	public long index() {
		return this.index;
	}

	/// What it would be: infinite or NaN.
	public double value() {
		return this.value;
	}

}
