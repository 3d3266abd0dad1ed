package dev.adagrad.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.tensor.Numbers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

class KnownPlansTest {

	private static final String HEADER = json("{'G':{'dtype':'F64','shape':[2],'data_offsets':[0,16]}}");

	private static final MessageType<OnlyG> OTHER = MessageType.of(OnlyG.class);

	private final KnownPlans plans = new KnownPlans();

	private SafetensorsPlan keep(MessageType<?> type, byte[] header, int maxElements) {
		SafetensorsPlan plan = SafetensorsPlan.of(type, SafetensorsHeader.parse(header, maxElements), Documents.LIMITS,
				Documents.NO_SPOOL);
		this.plans.keep(type, header, maxElements, plan);
		return plan;
	}

	@Test
	void findsTheSameBytesAgain() {
		assertThat(this.plans.find(Documents.TYPE, Documents.utf8(HEADER), 10)).isNull();
		SafetensorsPlan plan = keep(Documents.TYPE, Documents.utf8(HEADER), 10);
		assertThat(this.plans.find(Documents.TYPE, Documents.utf8(HEADER), 10)).isSameAs(plan);
		assertThat(this.plans.find(Documents.TYPE, Documents.utf8(HEADER + " "), 10)).isNull();
	}

	/// A message is made in the array, while another is made of the same plan.
	@Test
	void eachMessageHasItsOwnValues() {
		SafetensorsPlan plan = keep(Documents.TYPE, Documents.utf8(json("{'__metadata__':{'name':'a'}}")), 10);
		Object[] values = plan.values();
		assertThat(values).contains("a");
		java.util.Arrays.fill(values, "b");
		assertThat(plan.values()).contains("a").doesNotContain("b");
	}

	/// It was looked at whether the tensors are within the limit, and within no other.
	@Test
	void aPlanIsForOneLimit() {
		keep(Documents.TYPE, Documents.utf8(HEADER), 10);
		for (int maxElements : new int[] { 0, 1, 2, 9, 11, Integer.MAX_VALUE }) {
			assertThat(this.plans.find(Documents.TYPE, Documents.utf8(HEADER), maxElements)).isNull();
		}
		SafetensorsPlan later = keep(Documents.TYPE, Documents.utf8(HEADER), 2);
		assertThat(this.plans.find(Documents.TYPE, Documents.utf8(HEADER), 2)).isSameAs(later);
		assertThat(this.plans.find(Documents.TYPE, Documents.utf8(HEADER), 10)).isNull();
	}

	@Test
	void aPlanIsForOneMessage() {
		keep(Documents.TYPE, Documents.utf8(HEADER), 10);
		assertThat(this.plans.find(OTHER, Documents.utf8(HEADER), 10)).isNull();
		SafetensorsPlan other = keep(OTHER, Documents.utf8(HEADER), 10);
		assertThat(this.plans.find(OTHER, Documents.utf8(HEADER), 10)).isSameAs(other);
		assertThat(this.plans.find(Documents.TYPE, Documents.utf8(HEADER), 10)).isNull();
	}

	/// Both have one place, as their bytes have one hash: `Aa` and `BB` do.
	@Test
	void aHeaderOfTheSameHashIsAnother() {
		byte[] one = Documents.utf8(json("{'__metadata__':{'name':'Aa'}}"));
		byte[] other = Documents.utf8(json("{'__metadata__':{'name':'BB'}}"));
		keep(Documents.TYPE, one, 10);
		assertThat(this.plans.find(Documents.TYPE, other, 10)).isNull();
		SafetensorsPlan plan = keep(Documents.TYPE, other, 10);
		assertThat(this.plans.find(Documents.TYPE, other, 10)).isSameAs(plan);
		assertThat(this.plans.find(Documents.TYPE, one, 10)).isNull();
	}

	@Test
	void longHeadersAreNotKept() {
		byte[] longest = Documents.utf8(HEADER + " ".repeat(65_536 - HEADER.length()));
		byte[] longer = Documents.utf8(HEADER + " ".repeat(65_537 - HEADER.length()));
		SafetensorsPlan plan = keep(Documents.TYPE, longest, 10);
		assertThat(this.plans.find(Documents.TYPE, longest, 10)).isSameAs(plan);
		keep(Documents.TYPE, longer, 10);
		assertThat(this.plans.find(Documents.TYPE, longer, 10)).isNull();
	}

	record OnlyG(@JsonProperty("G") @Nullable Numbers G) implements Message {
	}

}
