package dev.adagrad.session.http;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;

import dev.adagrad.session.Configuration;
import dev.adagrad.session.Initial;
import dev.adagrad.session.Layout;
import dev.adagrad.session.Ranges;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Session;
import dev.adagrad.session.State;
import dev.adagrad.session.StoredState;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.session.Uniform;
import dev.adagrad.session.Vector;
import dev.adagrad.tensor.Tensor;

/// The entries of a tensor that differ, in at least one bit, from their initial values. These must be kept to have the
/// tensor again. If the initial values were given element by element, all entries count as touched.
///
/// 1. A store says in which ranges of addresses it keeps anything. It keeps chunks, so the ranges cover more than what
/// was touched.
/// 2. The entries in these ranges, of G and of the parameter, are read, some thousand elements at a time.
/// 3. Entries that still have their initial values are left out. This goes on until the page is full or no entries are
/// left.
///
/// For one thread, inside the reading that gave it the state.
final class TouchedEntries {

	/// How many ranges one question to a store asks for.
	private static final int RANGES = 1024;

	/// About how many elements are read at once.
	private static final int ELEMENTS = 1 << 16;

	private final Configuration configuration;

	private final StoredState stored;

	private final int tensor;

	private final TensorSpec spec;

	/// The initial values of elements by their flat indices, as far as rules give them.
	private final Map<Vector, Optional<LongToDoubleFunction>> beginnings = new EnumMap<>(Vector.class);

	private final long[] found;

	private int count;

	/// @param tensor its place in the layout
	/// @param most how many entries to find
	TouchedEntries(Session session, StoredState stored, int tensor, int most) {
		this.configuration = session.configuration();
		this.stored = stored;
		this.tensor = tensor;
		this.spec = this.configuration.layout().tensors().get(tensor);
		for (Vector vector : this.configuration.vectors()) {
			this.beginnings.put(vector, session.starts().get(tensor).of(vector).map((rule) -> values(rule, this.spec)));
		}
		this.found = new long[Math.toIntExact(Math.min(most, this.spec.rows()))];
	}

	/// About how many bytes of the heap the search takes, besides what it finds.
	/// @param most how many entries to find
	static long workingBytes(TensorSpec spec, int most) {
		return Math.min(most, spec.rows()) * 2 * Long.BYTES
				+ Math.min(spec.size(), Math.max(ELEMENTS, spec.rowLength())) * 4L * Double.BYTES;
	}

	/// The first touched entries from an entry on, ascending.
	long[] from(long entry) {
		long next = entry;
		while (next < this.spec.rows() && this.count < this.found.length) {
			next = look(next);
		}
		return Arrays.copyOf(this.found, this.count);
	}

	/// Looks at the entries from one on that a single question to the store covers.
	/// @return the first entry that it did not look at
	private long look(long entry) {
		Map<Vector, Ranges> kept = new EnumMap<>(Vector.class);
		long end = this.spec.rows();
		for (Vector vector : this.configuration.vectors()) {
			long origin = layout().from(vector, this.tensor);
			Ranges ranges = this.stored.kept(vector, origin + entry * this.spec.perRow(vector),
					origin + layout().size(vector, this.tensor), RANGES);
			kept.put(vector, ranges);
			if (ranges.count() == RANGES) {
				// nothing is known beyond the last range. The next look takes the entry
				// in which it ends from its beginning
				long behind = ranges.begin(RANGES - 1) + ranges.length(RANGES - 1) - origin;
				end = Math.min(end, Math.max(entry + 1, behind / this.spec.perRow(vector)));
			}
		}
		int batch = (int) Math.max(1, ELEMENTS / this.spec.rowLength());
		long[] candidates = new long[batch];
		int size = 0;
		for (long next = nextKept(kept, entry, end); next < end; next = nextKept(kept, next + 1, end)) {
			candidates[size++] = next;
			if (size == batch) {
				keepTouched(candidates, size);
				size = 0;
				if (this.count == this.found.length) {
					return end;
				}
			}
		}
		keepTouched(candidates, size);
		return end;
	}

	/// The first entry from one on of which the store keeps something; `end` if there is
	/// none before that.
	private long nextKept(Map<Vector, Ranges> kept, long entry, long end) {
		long first = end;
		for (Map.Entry<Vector, Ranges> each : kept.entrySet()) {
			long perEntry = this.spec.perRow(each.getKey());
			long origin = layout().from(each.getKey(), this.tensor);
			Ranges ranges = each.getValue();
			int range = firstEndingBehind(ranges, origin + entry * perEntry);
			if (range < ranges.count()) {
				first = Math.min(first, Math.max(entry, (ranges.begin(range) - origin) / perEntry));
			}
		}
		return first;
	}

	private static int firstEndingBehind(Ranges ranges, long address) {
		int low = 0;
		int high = ranges.count();
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (ranges.begin(middle) + ranges.length(middle) > address) {
				high = middle;
			}
			else {
				low = middle + 1;
			}
		}
		return low;
	}

	private void keepTouched(long[] candidates, int size) {
		if (size == 0) {
			return;
		}
		long[] entries = Arrays.copyOf(candidates, size);
		State state = this.stored
			.elements(new Selection.Some(ranges(Vector.G, entries), ranges(Vector.PARAMETER, entries)));
		for (int i = 0; i < size && this.count < this.found.length; i++) {
			if (isTouched(state, i, entries[i])) {
				this.found[this.count++] = entries[i];
			}
		}
	}

	private Ranges ranges(Vector vector, long[] entries) {
		return Ranges.builder(entries.length)
			.addEach(layout().from(vector, this.tensor), entries, Math.toIntExact(this.spec.perRow(vector)))
			.build();
	}

	private boolean isTouched(State state, int place, long entry) {
		for (Map.Entry<Vector, Optional<LongToDoubleFunction>> each : this.beginnings.entrySet()) {
			if (each.getValue().isEmpty()) {
				return true;
			}
			LongToDoubleFunction values = each.getValue().get();
			Tensor elements = state.of(each.getKey());
			int perEntry = Math.toIntExact(this.spec.perRow(each.getKey()));
			for (int i = 0; i < perEntry; i++) {
				double began = elements.dtype().round(values.applyAsDouble(entry * perEntry + i));
				double now = elements.valueAt(place * perEntry + i);
				if (Double.doubleToRawLongBits(began) != Double.doubleToRawLongBits(now)) {
					return true;
				}
			}
		}
		return false;
	}

	private static LongToDoubleFunction values(Initial.Rule rule, TensorSpec spec) {
		return switch (rule) {
			case Initial.Constant(double value) -> (index) -> value;
			case Initial.Uniform uniform -> new Uniform(uniform, spec.name())::at;
		};
	}

	private Layout layout() {
		return this.configuration.layout();
	}

}
