package dev.adagrad.session;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The table of contents of a session. To a store it is two flat vectors, of G and of the parameter; here names end, and
/// addresses in these begin.
///
/// Tensors stand one after the other, in the order of the bytes of their names, in either vector: first those whose
/// elements have each their own G, whose addresses are the same in both, then those whose rows share one. A tensor without
/// a name is a model of one.
///
/// Immutable; two are equal where their tensors are.
public final class Layout {

	/// The most tensors of a session.
	public static final int MOST_TENSORS = 2048;

	private final List<TensorSpec> tensors;

	/// The tensors by their addresses: places in [#tensors].
	private final int[] order;

	private final long[] from;

	private final long[] sumsFrom;

	private final long size;

	private final long sums;

	private Layout(List<TensorSpec> tensors) {
		this.tensors = tensors;
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
			elements += tensors.get(place).size();
			ofG += tensors.get(place).sums();
		}
		this.size = elements;
		this.sums = ofG;
	}

	/// Of a session without names.
	public static Layout alone(TensorSpec tensor) {
		if (!tensor.name().isEmpty()) {
			throw new IllegalArgumentException("a tensor alone has no name, but this is " + tensor.name());
		}
		return new Layout(List.of(tensor));
	}

	/// Of a session of named tensors.
	/// @param tensors in any order, each with a name of its own
	/// @throws IllegalArgumentException if there is none, or there are too many, or two
	/// have one name
	public static Layout named(List<TensorSpec> tensors) {
		if (tensors.isEmpty() || tensors.size() > MOST_TENSORS) {
			throw new IllegalArgumentException("there must be 1 to " + MOST_TENSORS + " tensors");
		}
		// ASCII alone: the order of the characters is that of the bytes
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
		return !this.tensors.getFirst().name().isEmpty();
	}

	/// The tensors, in the order of the bytes of their names.
	public List<TensorSpec> tensors() {
		return this.tensors;
	}

	/// The place among [#tensors()] of one; empty if there is none of this name.
	public Optional<Integer> find(String name) {
		int low = 0;
		int high = this.tensors.size() - 1;
		while (low <= high) {
			int middle = (low + high) >>> 1;
			int compared = this.tensors.get(middle).name().compareTo(name);
			if (compared == 0) {
				return Optional.of(middle);
			}
			if (compared < 0) {
				low = middle + 1;
			}
			else {
				high = middle - 1;
			}
		}
		return Optional.empty();
	}

	/// The places among [#tensors()], by the addresses of the tensors; a copy.
	public int[] byAddress() {
		return this.order.clone();
	}

	/// Where a tensor begins in a vector.
	/// @param tensor its place among [#tensors()]
	public long from(Vector vector, int tensor) {
		return switch (vector) {
			case G -> this.sumsFrom[tensor];
			case PARAMETER -> this.from[tensor];
		};
	}

	/// How many elements of a vector a tensor has.
	/// @param tensor its place among [#tensors()]
	public long size(Vector vector, int tensor) {
		return switch (vector) {
			case G -> this.tensors.get(tensor).sums();
			case PARAMETER -> this.tensors.get(tensor).size();
		};
	}

	/// How many elements a vector has.
	public long size(Vector vector) {
		return switch (vector) {
			case G -> this.sums;
			case PARAMETER -> this.size;
		};
	}

	/// Which tensor an address of a vector belongs to: the place of it in the order of
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

	@Override
	public String toString() {
		return this.tensors + " at " + Arrays.toString(this.from);
	}

}
