package dev.adagrad.session.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.adagrad.session.Initial;
import dev.adagrad.session.Layout;
import dev.adagrad.session.Session;
import dev.adagrad.session.Start;
import dev.adagrad.session.Uniform;
import dev.adagrad.session.Vector;
import dev.adagrad.session.store.Chunks.Place;
import dev.adagrad.tensor.RawElements;

/// The initial values of a session's elements that rules give. For one thread.
final class InitialValues {

	private final Layout layout;

	private final int[] byAddress;

	private final List<Start> starts;

	private final Map<Integer, Uniform> uniforms = new HashMap<>();

	InitialValues(Session session) {
		this.layout = session.configuration().layout();
		this.byAddress = this.layout.byAddress();
		this.starts = session.starts();
	}

	/// Whether rules give the initial values of all elements from address `first` to `end
	/// − 1`.
	boolean areRuled(Vector vector, long first, long end) {
		boolean all = true;
		long next = first;
		for (int place = this.layout.at(vector, first); all && next < end; place++) {
			int tensor = this.byAddress[place];
			all = this.starts.get(tensor).of(vector).isPresent();
			next = this.layout.from(vector, tensor) + this.layout.size(vector, tensor);
		}
		return all;
	}

	/// Fills in the initial values of `count` elements from an address on. Leaves out
	/// elements whose values were given one by one.
	/// @param at where the first one belongs in `into`
	void fill(Vector vector, long address, int count, RawElements into, int at) {
		for (int place = this.layout.at(vector, address), done = 0, length; done < count; done += length, place++) {
			int tensor = this.byAddress[place];
			long index = address + done - this.layout.from(vector, tensor);
			length = (int) Math.min(count - done, this.layout.size(vector, tensor) - index);
			Optional<Initial.Rule> rule = this.starts.get(tensor).of(vector);
			if (rule.isPresent()) {
				fill(rule.get(), tensor, index, length, into, at + done);
			}
		}
	}

	private void fill(Initial.Rule rule, int tensor, long index, int count, RawElements into, int at) {
		switch (rule) {
			case Initial.Constant(double value) -> into.fill(value, at, count);
			case Initial.Uniform uniform -> {
				Uniform values = this.uniforms.computeIfAbsent(tensor,
						(missing) -> new Uniform(uniform, this.layout.tensors().get(tensor).name()));
				for (int i = 0; i < count; i++) {
					into.fill(values.at(index + i), at + i, 1);
				}
			}
		}
	}

	/// A chunk as it would be stored. Elements whose values were given one by one are 0;
	/// others write them.
	byte[] raw(Chunks chunks, SessionRow row, Place place) {
		int length = chunks.length(place);
		RawElements elements = RawElements.of(row.dtype(), length);
		fill(place.vector(), place.chunk() * row.chunkElements(), length, elements, 0);
		byte[] raw = new byte[length * row.dtype().bytes()];
		RawElements.write(elements.tensor(), 0, raw, 0, length);
		return raw;
	}

}
