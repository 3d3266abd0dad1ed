package dev.adagrad.session.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Layout;
import dev.adagrad.session.Ranges;
import dev.adagrad.session.Selection;
import dev.adagrad.session.State;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.session.Vector;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Entries of some tensors of a session along their first axes, and where their elements are: as a selection for a
/// store, and as places among the elements that the store reads.
///
/// Immutable; safe for use by any number of threads.
final class Entries {

	private final Configuration configuration;

	private final List<Entry> entries;

	private final Selection selection;

	/// Where the elements of each entry begin among the selected ones: of G, and of the
	/// parameter.
	private final int[] sumsFrom;

	private final int[] from;

	/// @param entries at least one, in the order of their tensors' places in the layout
	/// @throws Refusal if they have more elements together than an array can hold
	Entries(Configuration configuration, List<Entry> entries) {
		this.configuration = configuration;
		this.entries = List.copyOf(entries);
		Layout layout = configuration.layout();
		@Nullable Entry[] byTensor = new @Nullable Entry[layout.tensors().size()];
		int[] places = new int[byTensor.length];
		boolean whole = entries.size() == byTensor.length;
		boolean shared = false;
		for (int i = 0; i < this.entries.size(); i++) {
			Entry entry = this.entries.get(i);
			byTensor[entry.tensor()] = entry;
			places[entry.tensor()] = i;
			whole &= entry.indices().isEmpty();
			shared |= layout.tensors().get(entry.tensor()).sharesG();
		}
		this.sumsFrom = new int[entries.size()];
		this.from = shared ? new int[entries.size()] : this.sumsFrom;
		try {
			Ranges ofG = ranges(Vector.G, byTensor, places);
			Ranges ofParameter = shared ? ranges(Vector.PARAMETER, byTensor, places) : ofG;
			this.selection = whole ? new Selection.All() : new Selection.Some(ofG, ofParameter);
		}
		catch (ArithmeticException ex) {
			throw Refusal.tooLarge("tensors", Integer.MAX_VALUE, "elements together");
		}
	}

	private int[] from(Vector vector) {
		return (vector == Vector.G) ? this.sumsFrom : this.from;
	}

	private Ranges ranges(Vector vector, @Nullable Entry[] byTensor, int[] places) {
		Layout layout = this.configuration.layout();
		Ranges.Builder ranges = Ranges
			.builder(this.entries.stream().mapToInt((entry) -> entry.indices().map(Indices::size).orElse(1)).sum());
		int at = 0;
		for (int tensor : layout.byAddress()) {
			Entry entry = byTensor[tensor];
			if (entry == null) {
				continue;
			}
			from(vector)[places[tensor]] = at;
			at = Math.addExact(at, entry.size(layout, vector));
			long origin = layout.from(vector, tensor);
			if (entry.indices().isPresent()) {
				ranges.addEach(origin, entry.indices().get().values(),
						Math.toIntExact(layout.tensors().get(tensor).perRow(vector)));
			}
			else {
				ranges.add(origin, entry.size(layout, vector));
			}
		}
		return ranges.build();
	}

	/// The elements to select.
	Selection selection() {
		return this.selection;
	}

	/// About how many bytes of the heap it takes to read the entries: the elements, a
	/// second copy split by tensor, and the addresses.
	long workingBytes() {
		Layout layout = this.configuration.layout();
		long bytes = 0;
		for (Entry entry : this.entries) {
			long indices = entry.indices().map(Indices::size).orElse(0);
			bytes += indices * (4L * Long.BYTES + 2L * Integer.BYTES)
					+ entry.indices().map(SteppedTensor::bytesOfChunks).orElse(0L);
			for (Vector vector : this.configuration.vectors()) {
				bytes += 2L * entry.size(layout, vector) * this.configuration.dtype().bytes();
			}
		}
		return bytes;
	}

	/// The part of the selected elements of a vector that belongs to an entry.
	/// @param place the entry's place among the entries
	/// @param shape of what is returned
	Tensor slice(Tensor selected, Vector vector, int place, Shape shape) {
		return (this.entries.size() == 1) ? selected.withShape(shape) : selected.slice(from(vector)[place], shape);
	}

	/// Joins the elements of each entry in the order of a store's selection.
	/// @param each the elements of each entry, in the order of the entries
	Tensor join(Vector vector, List<Tensor> each) {
		int[] begins = from(vector);
		return Tensor.join(IntStream.range(0, each.size())
			.boxed()
			.sorted(Comparator.comparingInt((place) -> begins[place]))
			.map(each::get)
			.toList());
	}

	/// A state of these elements, tensor by tensor, by name.
	/// @param next where the next page begins, if there is one
	StateResponse response(long step, State state, @Nullable Long next) {
		Layout layout = this.configuration.layout();
		Map<String, TensorStateResponse> named = new LinkedHashMap<>();
		for (int place = 0; place < this.entries.size(); place++) {
			Entry entry = this.entries.get(place);
			int at = place;
			named.put(layout.tensors().get(entry.tensor()).name(),
					new TensorStateResponse(entry.indices().orElse(null),
							Blocks.of(slice(state.G(), Vector.G, at, entry.shape(layout, Vector.G))),
							state.parameter()
								.map((parameter) -> Blocks
									.of(slice(parameter, Vector.PARAMETER, at, entry.shape(layout, Vector.PARAMETER))))
								.orElse(null)));
		}
		return StateResponse.of(layout.isNamed(), step, named, next);
	}

	/// @param pointer of the indices
	/// @return each index once, ascending
	/// @throws Refusal if the tensor has no such entry, or none at all
	static Indices distinct(TensorSpec tensor, String pointer, Indices indices) {
		requireInRange(tensor, pointer, indices);
		return Indices.of(Arrays.stream(indices.values()).sorted().distinct().toArray());
	}

	/// @param pointer of the indices
	/// @throws Refusal if the tensor has no such entry, or none at all
	static void requireInRange(TensorSpec tensor, String pointer, Indices indices) {
		if (tensor.shape().isEmpty()) {
			throw Refusal.at(Code.INVALID_FIELD, pointer, "must not be sent: the tensor is a number, without an axis");
		}
		long[] values = indices.values();
		for (int place = 0; place < values.length; place++) {
			if (values[place] >= tensor.rows()) {
				throw Refusal.at(Code.INDEX_OUT_OF_RANGE, pointer + '/' + place,
						"must be within 0 … " + (tensor.rows() - 1) + ", was " + values[place]);
			}
		}
	}

	/// The selected entries of one tensor.
	///
	/// @param tensor its place in the layout
	/// @param indices the entries, distinct and ascending; empty for all
	record Entry(int tensor, Optional<Indices> indices) {

		/// The number of selected elements of a vector.
		/// @throws ArithmeticException if an array cannot hold them
		int size(Layout layout, Vector vector) {
			TensorSpec spec = layout.tensors().get(this.tensor);
			return Math.toIntExact(this.indices.isEmpty() ? spec.size(vector)
					: Math.multiplyExact(this.indices.get().size(), spec.perRow(vector)));
		}

		/// The shape of the selected elements of a vector.
		Shape shape(Layout layout, Vector vector) {
			List<Long> all = layout.tensors().get(this.tensor).shape(vector);
			if (all.isEmpty() && this.indices.isPresent()) {
				// an empty page of a bare number
				return Shape.vector(this.indices.get().size());
			}
			List<Integer> shape = new ArrayList<>(all.size());
			for (long dimension : all) {
				shape.add((shape.isEmpty() && this.indices.isPresent()) ? this.indices.get().size()
						: Math.toIntExact(dimension));
			}
			return new Shape(shape);
		}

	}

}
