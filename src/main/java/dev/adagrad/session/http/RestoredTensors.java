package dev.adagrad.session.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.Rules;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Restoration;
import dev.adagrad.session.Selection;
import dev.adagrad.session.State;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.session.Vector;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Tensor;

/// The state that a request restores a session to: all of it, or a page of touched entries.
///
/// @param configuration the session's
/// @param maxElements the most elements of a tensor that a call carries
record RestoredTensors(Configuration configuration, int maxElements) {

	/// @param touched whether the request is a page, and the rest stays
	/// @throws Refusal if the request does not fit the session
	Restoration of(RestoreRequest request, boolean touched) {
		List<Tensors.Sent<RestoredTensor>> sent = Tensors.sent(this.configuration, request, request.tensors());
		return touched ? entries(sent) : whole(sent);
	}

	private Restoration whole(List<Tensors.Sent<RestoredTensor>> sent) {
		List<Blocks<Tensor>> G = new ArrayList<>();
		List<Blocks<Tensor>> parameter = new ArrayList<>();
		List<TensorSpec> all = this.configuration.layout().tensors();
		for (int tensor = 0; tensor < all.size(); tensor++) {
			if (tensor == sent.size() || sent.get(tensor).tensor() != tensor) {
				throw Refusal.at(Code.INVALID_FIELD, Tensors.place(all.get(tensor).name()),
						Rules.REQUIRED + ": a state is restored whole, or with ?touched=true in part");
			}
			Tensors.Sent<RestoredTensor> each = sent.get(tensor);
			if (each.fields().indices() != null) {
				throw Refusal.at(Code.INVALID_FIELD, each.place() + "/indices",
						"must not be sent where the state is restored whole; with ?touched=true these entries alone are");
			}
			Tensors.requireWhole(each.spec(), this.maxElements, each.place() + "/G", "cannot be restored whole",
					"restore pages of it, with ?touched=true");
			G.add(checked(each, Vector.G));
			if (hasParameter(each)) {
				parameter.add(checked(each, Vector.PARAMETER));
			}
		}
		return new Restoration.Whole(G, parameter.isEmpty() ? Optional.empty() : Optional.of(parameter));
	}

	private Restoration entries(List<Tensors.Sent<RestoredTensor>> sent) {
		List<Entries.Entry> entries = new ArrayList<>();
		List<Tensor> G = new ArrayList<>();
		List<Tensor> parameter = new ArrayList<>();
		for (Tensors.Sent<RestoredTensor> each : sent) {
			Indices indices = each.fields().indices();
			if (indices == null) {
				Tensors.requireWhole(each.spec(), this.maxElements, each.place() + "/indices", Rules.REQUIRED,
						"restore some of its entries");
			}
			else {
				requireAscending(each, indices);
			}
			entries.add(new Entries.Entry(each.tensor(), Optional.ofNullable(indices)));
			G.add(Tensors.whole(checked(each, Vector.G)));
			if (hasParameter(each)) {
				parameter.add(Tensors.whole(checked(each, Vector.PARAMETER)));
			}
		}
		Entries all = new Entries(this.configuration, entries);
		State state = new State(all.join(Vector.G, G),
				parameter.isEmpty() ? Optional.empty() : Optional.of(all.join(Vector.PARAMETER, parameter)));
		return switch (all.selection()) {
			case Selection.Some some -> new Restoration.Entries(some, state);
			case Selection.All whole -> new Restoration.Whole(G.stream().map(Blocks::of).toList(),
					parameter.isEmpty() ? Optional.empty() : Optional.of(parameter.stream().map(Blocks::of).toList()));
		};
	}

	private static void requireAscending(Tensors.Sent<RestoredTensor> each, Indices indices) {
		Entries.requireInRange(each.spec(), each.place() + "/indices", indices);
		long[] values = indices.values();
		for (int place = 1; place < values.length; place++) {
			if (values[place] <= values[place - 1]) {
				throw Refusal.at(Code.INVALID_FIELD, each.place() + "/indices/" + place,
						"must be greater than the one before, " + values[place - 1] + ", was " + values[place]);
			}
		}
	}

	/// @throws Refusal if a parameter is sent and the session does not hold it, or the
	/// other way round
	private boolean hasParameter(Tensors.Sent<RestoredTensor> each) {
		boolean there = each.fields().parameter() != null;
		if (there != this.configuration.holdsParameter()) {
			throw Refusal.at(Code.INVALID_FIELD, each.place() + "/parameter",
					there ? "must not be sent: the server does not hold the parameter of this session"
							: Rules.REQUIRED + ": the server holds the parameter of this session");
		}
		return there;
	}

	private Blocks<Tensor> checked(Tensors.Sent<RestoredTensor> each, Vector vector) {
		boolean sums = vector == Vector.G;
		Blocks<Numbers> numbers = Objects.requireNonNull(sums ? each.fields().G() : each.fields().parameter(),
				"looked at before");
		String pointer = each.place() + (sums ? "/G" : "/parameter");
		Tensors.Length.of(each.spec(), each.fields().indices(), vector).require(pointer, numbers.shape());
		Blocks<Tensor> blocks = Tensors.of(this.configuration.dtype(), pointer, numbers, sums);
		// to their end, so that a faulty element is refused now
		blocks.forEach((block) -> {
		});
		return blocks;
	}

}
