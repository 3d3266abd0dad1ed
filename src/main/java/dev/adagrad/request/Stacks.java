package dev.adagrad.request;

import java.util.List;

import dev.adagrad.kernel.Stack;
import dev.adagrad.refusal.Refusal;

/// The tensors that a request steps, as a [Stack].
public final class Stacks {

	private Stacks() {
	}

	/// Stacks the tensors.
	/// @throws Refusal if an array cannot hold the elements of all tensors
	public static Stack of(List<Stack.Member> members) {
		try {
			return new Stack(members);
		}
		catch (ArithmeticException ex) {
			throw Refusal.tooLarge("tensors", Stack.LARGEST_ARRAY, "elements together");
		}
	}

}
