package dev.adagrad.request;

/// What an element of G belongs to.
public enum Accumulator {

	/// An element of the parameter.
	ELEMENT,
	/// A row: all that one index along the first axis of the parameter stands for
	/// (row-wise AdaGrad, as embedding tables use it).
	ROW

}
