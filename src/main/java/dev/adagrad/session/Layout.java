package dev.adagrad.session;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The table of contents of a session. A store sees a session as two flat vectors, one of G and one of the parameter.
/// This class turns names into addresses in these vectors.
///
/// In either vector the tensors stand one after the other, in the order of the bytes of their names. First come the
/// tensors whose elements each have their own G; their addresses are the same in both vectors. Then come the tensors
/// whose rows share one. A tensor without a name is a model of one.
///
/// Immutable. Two are equal if their tensors are.
public final class Layout {

	/// The most tensors that a session may have.
	public static final int MOST_TENSORS = 2048;

	private final List<TensorSpec> tensors;

	private final List<String> names;

	/// The tensors in the order of their addresses, as places in [#tensors].
	private final int[] order;

	private final long[] from;

	private final long[] sumsFrom;

	private final long size;

	private final long sums;

	private Layout(List<TensorSpec> tensors) {
		this.tensors = tensors;
		this.names = tensors.stream().map(TensorSpec::name).toList();
		this.order = IntStream.range(0, tensors.size())
			.boxed()
			.sorted(Comparator.comparing((place) -> tensors.get(place).sharesG()))
			.mapToInt((place) -> place)
			.toArray();
		this.from = new long[this.order.length];
		this.sumsFrom = new long[this.order.length];
		long elements = 0;
		long ofG = 0;
		for (int place : this.order) {
			this.from[place] = elements;
			this.sumsFrom[place] = ofG;
			elements += tensors.get(place).size(Vector.PARAMETER);
			ofG += tensors.get(place).size(Vector.G);
		}
		this.size = elements;
		this.sums = ofG;
	}

	/// The layout of a session without names.
	public static Layout alone(TensorSpec tensor) {
		if (!tensor.name().isEmpty()) {
			throw new IllegalArgumentException("a tensor alone has no name, but this is " + tensor.name());
		}
		return new Layout(List.of(tensor));
	}

	/// The layout of a session of named tensors.
	/// @param tensors in any order, each with its own name
	/// @throws IllegalArgumentException if there are none or too many, or two have the
	/// same name
	public static Layout named(List<TensorSpec> tensors) {
		if (tensors.isEmpty() || tensors.size() > MOST_TENSORS) {
			throw new IllegalArgumentException("there must be 1 to " + MOST_TENSORS + " tensors");
		}
		// names are ASCII, so the order of the characters is that of the bytes
		List<TensorSpec> sorted = tensors.stream().sorted(Comparator.comparing(TensorSpec::name)).toList();
		for (int i = 0; i < sorted.size(); i++) {
			if (sorted.get(i).name().isEmpty() || (i > 0 && sorted.get(i).name().equals(sorted.get(i - 1).name()))) {
				throw new IllegalArgumentException("each tensor must have a name of its own");
			}
		}
		return new Layout(sorted);
	}

	/// Whether its tensors have names.
	public boolean isNamed() {
		return !this.names.getFirst().isEmpty();
	}

	/// The tensors, in the order of the bytes of their names.
	public List<TensorSpec> tensors() {
		return this.tensors;
	}

	/// The place of a tensor among [#tensors()]; empty if there is none of this name.
	public Optional<Integer> find(String name) {
		int place = Collections.binarySearch(this.names, name);
		return (place >= 0) ? Optional.of(place) : Optional.empty();
	}

	/// The places among [#tensors()], in the order of the tensors' addresses; a copy.
	public int[] byAddress() {
		return this.order.clone();
	}

	/// Where a tensor begins in a vector.
	/// @param tensor its place among [#tensors()]
	public long from(Vector vector, int tensor) {
		return (vector == Vector.G) ? this.sumsFrom[tensor] : this.from[tensor];
	}

	/// How many elements of a vector a tensor has.
	/// @param tensor its place among [#tensors()]
	public long size(Vector vector, int tensor) {
		return this.tensors.get(tensor).size(vector);
	}

	/// How many elements a vector has.
	public long size(Vector vector) {
		return (vector == Vector.G) ? this.sums : this.size;
	}

	/// The tensor that an address of a vector belongs to, as its place in the order of
	/// [#byAddress()].
	public int at(Vector vector, long address) {
		int low = 0;
		int high = this.order.length - 1;
		while (low < high) {
			int middle = (low + high + 1) >>> 1;
			if (from(vector, this.order[middle]) <= address) {
				low = middle;
			}
			else {
				high = middle - 1;
			}
		}
		return low;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Layout that && this.tensors.equals(that.tensors);
	}

	@Override
	public int hashCode() {
		return this.tensors.hashCode();
	}

}
