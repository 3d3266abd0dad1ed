package dev.adagrad.request;

/// What an element of G belongs to.
public enum Accumulator {

	/// An element of the parameter.
	ELEMENT,
	/// A row: everything at one index along the first axis of the parameter (row-wise
	/// AdaGrad, as embedding tables use it).
	ROW

}
