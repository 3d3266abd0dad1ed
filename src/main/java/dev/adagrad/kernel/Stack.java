package dev.adagrad.kernel;

import java.util.ArrayList;
import java.util.List;

import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;

/// The tensors of one step, one after the other in flat arrays of θ, g and G, as [AdaGrad] takes them. This class
/// translates between names and places.
///
/// Tensors where each element has its own G come first, see [Part]; within either kind the tensors are in the order of
/// the bytes of their names. The list of parts, and with it a norm, goes over all tensors in the order of the bytes of
/// their names. A single tensor is not copied.
///
/// Immutable.
public final class Stack {

	/// The largest number of elements that a Java array can surely hold.
	public static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

	private final List<Part> parts;

	/// The members in the order of their places in the arrays.
	private final int[] order;

	/// @param members at least one, in the order of the bytes of their names
	/// @throws ArithmeticException if an array cannot hold the elements of all members
	public Stack(List<Member> members) {
		Part[] found = new Part[members.size()];
		this.order = new int[found.length];
		int placed = 0;
		long from = 0;
		int accumulatorFrom = 0;
		for (boolean rows : new boolean[] { false, true }) {
			for (int i = 0; i < found.length; i++) {
				Member member = members.get(i);
				if (rows != member.rowLength() > 1) {
					continue;
				}
				if (from + member.size() > LARGEST_ARRAY) {
					throw new ArithmeticException("more than " + LARGEST_ARRAY + " elements together");
				}
				Part part = new Part((int) from, member.size(), accumulatorFrom, member.rowLength(),
						member.hyperparameters(), member.frozen());
				found[i] = part;
				this.order[placed++] = i;
				from += part.size();
				accumulatorFrom = part.accumulatorTo();
			}
		}
		this.parts = List.of(found);
	}

	/// The place of each tensor, in the order of their names.
	public List<Part> parts() {
		return this.parts;
	}

	/// Joins the tensors of all members, one after the other.
	/// @param each one tensor per member, in the order of the members, all of one dtype
	public Tensor join(List<Tensor> each) {
		if (this.order.length == 1) {
			return each.getFirst();
		}
		List<Tensor> ordered = new ArrayList<>(this.order.length);
		for (int member : this.order) {
			ordered.add(each.get(member));
		}
		return Tensor.join(ordered);
	}

	/// The elements of θ that belong to a member, out of the joined ones.
	/// @param member the member's place in the order of the names
	/// @param shape the shape of the result
	public Tensor elements(Tensor joined, int member, Shape shape) {
		return slice(joined, this.parts.get(member).from(), shape);
	}

	/// The elements of G that belong to a member, out of the joined ones.
	/// @param member the member's place in the order of the names
	/// @param shape the shape of the result
	public Tensor sums(Tensor joined, int member, Shape shape) {
		return slice(joined, this.parts.get(member).accumulatorFrom(), shape);
	}

	private Tensor slice(Tensor joined, int from, Shape shape) {
		return (this.order.length == 1) ? joined.withShape(shape) : joined.slice(from, shape);
	}

	/// Translates an exception of the kernel, which counts the elements of all tensors,
	/// into an element of one tensor.
	public Found find(NonFiniteResultException refusal) {
		boolean ofG = refusal.tensorName().equals("G") || refusal.tensorName().equals("effective_learning_rate");
		for (int i = 0; i < this.parts.size(); i++) {
			Part part = this.parts.get(i);
			int from = ofG ? part.accumulatorFrom() : part.from();
			if (refusal.index() >= from && refusal.index() < (ofG ? part.accumulatorTo() : part.to())) {
				return new Found(i, (int) (refusal.index() - from), ofG);
			}
		}
		throw new IllegalArgumentException("no element of these: " + refusal.getMessage());
	}

	/// One tensor of a step, or what the step touches of it.
	///
	/// @param size the number of elements of θ, a multiple of `rowLength`
	/// @param rowLength how many of them share one element of G, ≥ 1
	/// @param hyperparameters the hyperparameters in force for it
	/// @param frozen whether neither θ nor G changes
	public record Member(int size, int rowLength, Hyperparameters hyperparameters, boolean frozen) {
	}

	/// An element of a member.
	///
	/// @param member the member's place in the order of the names
	/// @param index its flat index there
	/// @param ofG whether it is one of G, not of θ
	public record Found(int member, int index, boolean ofG) {
	}

}
