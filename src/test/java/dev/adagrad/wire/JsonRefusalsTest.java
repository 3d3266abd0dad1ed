package dev.adagrad.wire;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import dev.adagrad.refusal.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.adagrad.Json.json;
import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static dev.adagrad.refusal.RefusalAssertions.number;
import static dev.adagrad.refusal.RefusalAssertions.place;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/// Everything that is refused, with its place. Documents are ISO 8859-1 here: a char is a byte.
class JsonRefusalsTest {

	@ParameterizedTest
	@MethodSource
	void malformed(String document, int line, int column) {
		assertThatRefusal(Code.MALFORMED_BODY, () -> read(document)).satisfies((ex) -> {
			assertThat(number(ex, "line") + ":" + number(ex, "column")).as(ex.detail()).isEqualTo(line + ":" + column);
			assertHarmless(ex.getMessage());
		});
	}

	static Stream<Arguments> malformed() {
		return Stream.of(
				// nothing
				arguments("", 1, 1), arguments(" ", 1, 2), arguments("\t\r\n\n \r", 4, 1),
				// not the numbers of JSON
				arguments(json("{'grad':NaN}"), 1, 9), arguments(json("{'grad':[1,NaN]}"), 1, 12),
				arguments(json("{'grad':Infinity}"), 1, 9), arguments(json("{'grad':-Infinity}"), 1, 10),
				arguments(json("{'grad':-NaN}"), 1, 10), arguments(json("{'grad':01}"), 1, 10),
				arguments(json("{'grad':-01}"), 1, 11), arguments(json("{'grad':00}"), 1, 10),
				arguments(json("{'grad':+1}"), 1, 9), arguments(json("{'grad':.5}"), 1, 9),
				arguments(json("{'grad':-.5}"), 1, 10), arguments(json("{'grad':1.}"), 1, 11),
				arguments(json("{'grad':1.e5}"), 1, 11), arguments(json("{'grad':1e}"), 1, 11),
				arguments(json("{'grad':1e+}"), 1, 12), arguments(json("{'grad':1e1.5}"), 1, 12),
				arguments(json("{'grad':0x10}"), 1, 10), arguments(json("{'grad':1.5f}"), 1, 12),
				arguments(json("{'grad':1_000}"), 1, 10), arguments(json("{'grad':--1}"), 1, 10),
				arguments(json("{'grad':-}"), 1, 10), arguments(json("{'grad':1-2}"), 1, 10),
				arguments(json("{'grad':1.2.3}"), 1, 12), arguments(json("{'grad':[1\u00002]}"), 1, 11),
				arguments(json("{'step':1e}"), 1, 11), arguments(json("{'learning_rate':1x}"), 1, 19),
				arguments(json("{'dtype':01}"), 1, 11), arguments(json("{'grad':[12345678.12345678x]}"), 1, 27),
				// comments
				arguments("/**/{}", 1, 1), arguments("{}//", 1, 3), arguments(json("{'grad':[1,#\n2]}"), 1, 12),
				arguments(json("{/* */'grad':1}"), 1, 2),
				// structure
				arguments("{}{}", 1, 3), arguments("{} x", 1, 4), arguments("{}]", 1, 3), arguments("{}\n\u0000", 2, 1),
				arguments(json("{'grad':[1,]}"), 1, 12), arguments(json("{'grad':[,1]}"), 1, 10),
				arguments(json("{'grad':[1,,2]}"), 1, 12), arguments(json("{'grad':[1 2]}"), 1, 12),
				arguments(json("{'grad':[1}"), 1, 11), arguments(json("{'grad':1,}"), 1, 11), arguments("{,}", 1, 2),
				arguments(json("{'grad':1 'step':1}"), 1, 11), arguments(json("{'grad' 1}"), 1, 9),
				arguments(json("{'grad':}"), 1, 9), arguments(json("{'grad'}"), 1, 8), arguments("{grad:1}", 1, 2),
				arguments("{'grad':1}", 1, 2), arguments("{1:1}", 1, 2), arguments(json("{'grad':]}"), 1, 9),
				arguments("""
						{"dtype":'F32'}""", 1, 10), arguments(json("{'grad'::1}"), 1, 9),
				arguments(json("{'maximize':tru}"), 1, 16), arguments(json("{'maximize':True}"), 1, 13),
				arguments(json("{'maximize':truex}"), 1, 17), arguments(json("{'grad':nul}"), 1, 12),
				arguments(json("{'grad':nulll}"), 1, 13), arguments(json("{'grad':undefined}"), 1, 9),
				arguments("nope", 1, 2), arguments(json("{'include':['update',]}"), 1, 22),
				arguments(json("{'include':['update' 'update']}"), 1, 22), arguments("\u000b{}", 1, 1),
				arguments("{\u000c}", 1, 2), arguments("{\u00a0}", 1, 2),
				// lines and columns
				arguments(json("{\n'grad':\n  [1,\n   x]}"), 4, 4), arguments("{\r\n\r\n x", 3, 2),
				arguments("{\r\r\n x", 3, 2),
				arguments(json("{'name':'\u00c3\u00a9\u00e2\u0082\u00ac\u00f0\u009f\u0098\u0080' x"), 1, 15),
				arguments(json("{'name':'\u00c3\u00a9'\n, x"), 2, 3),
				// strings
				arguments(json("{'name':'a\nb'}"), 1, 11), arguments(json("{'name':'a\u0000b'}"), 1, 11),
				arguments(json("{'name':'\u001f'}"), 1, 10), arguments(json("{'name':'\\x'}"), 1, 11), arguments("""
						{"name":"\\'"}""", 1, 11), arguments(json("{'name':'\\u12g4'}"), 1, 14),
				arguments(json("{'name':'\\U0041'}"), 1, 11), arguments(json("{'na\\me':1}"), 1, 6),
				arguments(json("{'na\tme':1}"), 1, 5), arguments(json("{'name':'\\"), 1, 11),
				arguments(json("{'name':'\\u00"), 1, 14),
				// not UTF-8: stray, overlong, surrogates, beyond U+10FFFF, cut short
				arguments("\u00ef\u00bb\u00bf{}", 1, 1), arguments("\u00fe\u00ff\u0000{\u0000}", 1, 1),
				arguments("{\u0000}\u0000", 1, 2), arguments(json("{'name':'\u0080'}"), 1, 10),
				arguments(json("{'name':'\u00bf'}"), 1, 10), arguments(json("{'name':'\u00c0\u0080'}"), 1, 10),
				arguments(json("{'name':'\u00c1\u00bf'}"), 1, 10), arguments(json("{'name':'\u00c3'}"), 1, 10),
				arguments(json("{'name':'\u00c3\u00a9\u00c3\u00c3'}"), 1, 11),
				arguments(json("{'name':'\u00e0\u0080\u0080'}"), 1, 10),
				arguments(json("{'name':'\u00e2\u0082'}"), 1, 10),
				arguments(json("{'name':'\u00ed\u00a0\u0080'}"), 1, 10),
				arguments(json("{'name':'\u00ed\u00bf\u00bf'}"), 1, 10),
				arguments(json("{'name':'\u00f0\u0080\u0080\u0080'}"), 1, 10),
				arguments(json("{'name':'\u00f0\u009f\u0098'}"), 1, 10),
				arguments(json("{'name':'\u00f4\u0090\u0080\u0080'}"), 1, 10),
				arguments(json("{'name':'\u00f5\u0080\u0080\u0080'}"), 1, 10),
				arguments(json("{'name':'\u00ff'}"), 1, 10), arguments(json("{'name':'\u00c3"), 1, 10),
				arguments(json("{'\u00c3(':1}"), 1, 3), arguments(json("{'grad':\u00c3\u00a9}"), 1, 9),
				// within a value, or after a name, that would be refused in itself
				arguments(json("{'grad':'\\x'}"), 1, 11), arguments(json("{'grad':{'a':}}"), 1, 14),
				arguments(json("{'grad':{'a':[1,]}}"), 1, 17), arguments(json("{'grad':{'a' 1}}"), 1, 14),
				arguments(json("{'grad':{'a':1,2:3}}"), 1, 16), arguments(json("{'grad':{'a':1,'b' 2}}"), 1, 20),
				arguments(json("{'grad':{'a':1,'b':}}"), 1, 20), arguments(json("{'grad':{'a':1]}"), 1, 15),
				arguments(json("{'unknown':NaN}"), 1, 12), arguments(json("{'unknown':[1,2}"), 1, 16),
				arguments(json("{'unknown' 1}"), 1, 12), arguments(json("{'step':1,'step':01}"), 1, 19),
				arguments(json("{'grad':[[1,[2,x]]]}"), 1, 16), arguments("[1,2", 1, 5), arguments("[1,NaN]", 1, 4),
				arguments("[", 1, 2), arguments("1x", 1, 2), arguments("\"", 1, 2),
				arguments(json("{'unknown':'\u00c3('}"), 1, 13));
	}

	@ParameterizedTest
	@MethodSource
	void invalid(String document, String pointer, String detail) {
		assertThatRefusal(Code.INVALID_FIELD, () -> read(document)).satisfies((ex) -> {
			assertThat(place(ex).pointer()).isEqualTo(pointer);
			assertThat(place(ex).detail()).isEqualTo(detail);
			assertHarmless(ex.getMessage());
		});
	}

	static Stream<Arguments> invalid() {
		String array = "must be a number or an array of numbers, was ";
		String dtype = json("must be one of 'F64', 'F32', was ");
		String extra = json("must be one of 'effective_learning_rate', 'update', was ");
		String range = "must be within the range of F64, was ";
		String integer = "must be an integer of 64 bits, was ";
		String integer32 = "must be an integer of 32 bits, was ";
		return Stream.of(
				// the root
				arguments("[]", "", "must be an object, was an array"),
				arguments(" [1,{}] ", "", "must be an object, was an array"),
				arguments(json("{'grad':{'a':1,'b':[2,{}],'c':{'d':3,'e':4}}}"), "/grad",
						"must be a number or an array of numbers (named tensors stand under tensors, each with its own fields), was an object"),
				arguments("1", "", "must be an object, was a number"),
				arguments(json("'a'"), "", "must be an object, was a string"),
				arguments("null", "", "must be an object, was null"),
				arguments("true", "", "must be an object, was true"),
				// names
				arguments(json("{'grads':1}"), "/grads", unknown("grad")),
				arguments(json("{'g':1}"), "/g", unknown("grad")),
				arguments(json("{'learningRate':1}"), "/learningRate", unknown("learning_rate")),
				arguments(json("{'gradient':1}"), "/gradient", unknown("grad")),
				arguments(json("{'':1}"), "/", unknown(null)), arguments(json("{'xyz':[[]]}"), "/xyz", unknown(null)),
				arguments(json("{'a/b~c':1}"), "/a~1b~0c", unknown(null)),
				arguments(json("{'\\ud800\\u0000\\u202e':1}"), "/\uFFFD\uFFFD\uFFFD", unknown(null)),
				arguments(json("{'" + "z".repeat(9000) + "':1}"), "/" + "z".repeat(128) + "…", unknown(null)),
				arguments(json("{'step':1,'step':1}"), "/step", "is a duplicate field; it must stand only once"),
				arguments(json("{'grad':1,'gr\\u0061d':{}}"), "/grad", "is a duplicate field; it must stand only once"),
				// numbers
				arguments(json("{'grad':'AAAAAAAA8D8='}"), "/grad", array + "a string"),
				arguments(json("{'grad':null}"), "/grad", array + "null"),
				arguments(json("{'grad':true}"), "/grad", array + "true"),
				arguments(json("{'grad':{}}"), "/grad",
						"must be a number or an array of numbers (named tensors stand under tensors, each with its own fields), was an object"),
				arguments(json("{'grad':[]}"), "/grad", "must not be an empty array"),
				arguments(json("{'grad':[ ]}"), "/grad", "must not be an empty array"),
				arguments(json("{'G':[1,'2']}"), "/G/1", "must be a number, was a string"),
				arguments(json("{'G':['NaN']}"), "/G/0", "must be a number, was a string"),
				arguments(json("{'grad':[1,2,3,null]}"), "/grad/3", "must be a number, was null"),
				arguments(json("{'grad':[false]}"), "/grad/0", "must be a number, was false"),
				arguments(json("{'parameter':[[1,2],[3]]}"), "/parameter/0",
						"must be a number (arrays are flat here: send row after row, or a safetensors file), was an array"),
				arguments(json("{'parameter':[1,{'a':[1]}]}"), "/parameter/1", "must be a number, was an object"),
				arguments(json("{'grad':1e400}"), "/grad", range + "1e400"),
				arguments(json("{'grad':[0,-1e309]}"), "/grad/1", range + "-1e309"),
				arguments(json("{'grad':[1.7976931348623159e308]}"), "/grad/0", range + "1.7976931348623159e308"),
				arguments(json("{'grad':[1e99999999999]}"), "/grad/0", range + "1e99999999999"),
				arguments(json("{'grad':[1" + "0".repeat(400) + "]}"), "/grad/0", range + "1" + "0".repeat(39) + "…"),
				arguments(json("{'grad':[" + "1".repeat(4097) + "]}"), "/grad/0",
						"must be a number of at most 4096 characters"),
				arguments(json("{'grad':0." + "1".repeat(100_000) + "}"), "/grad",
						"must be a number of at most 4096 characters"),
				arguments(json("{'step':" + "0.0" + "0".repeat(5000) + "}"), "/step",
						"must be a number of at most 4096 characters"),
				arguments(json("{'learning_rate':'0.1'}"), "/learning_rate", "must be a number, was a string"),
				arguments(json("{'learning_rate':[0.1]}"), "/learning_rate", "must be a number, was an array"),
				arguments(json("{'learning_rate':null}"), "/learning_rate", "must be a number, was null"),
				arguments(json("{'learning_rate':-1e999}"), "/learning_rate", range + "-1e999"),
				// integers
				arguments(json("{'step':1.5}"), "/step", integer + "1.5"),
				arguments(json("{'step':1e-1}"), "/step", integer + "1e-1"),
				arguments(json("{'step':1e400}"), "/step", integer + "1e400"),
				arguments(json("{'step':1e-99999999999}"), "/step", integer + "1e-99999999999"),
				arguments(json("{'step':1e2147483647}"), "/step", integer + "1e2147483647"),
				arguments(json("{'step':1e-2147483648}"), "/step", integer + "1e-2147483648"),
				arguments(json("{'step':9223372036854775808}"), "/step", integer + "9223372036854775808"),
				arguments(json("{'step':18446744073709551617}"), "/step", integer + "18446744073709551617"),
				arguments(json("{'step':0." + "0".repeat(4000) + "1e9}"), "/step",
						integer + "0." + "0".repeat(38) + "…"),
				arguments(json("{'step':'1'}"), "/step", "must be an integer, was a string"),
				arguments(json("{'step':null}"), "/step", "must be an integer, was null"),
				arguments(json("{'size':1.5}"), "/size", integer32 + "1.5"),
				arguments(json("{'size':2147483648}"), "/size", integer32 + "2147483648"),
				arguments(json("{'size':-2147483649}"), "/size", integer32 + "-2147483649"),
				arguments(json("{'size':1e30}"), "/size", integer32 + "1e30"),
				arguments(json("{'size':'1'}"), "/size", "must be an integer, was a string"),
				arguments(json("{'size':[1]}"), "/size", "must be an integer, was an array"),
				arguments(json("{'size':0." + "0".repeat(5000) + "}"), "/size",
						"must be a number of at most 4096 characters"),
				// indices
				arguments(json("{'indices':1}"), "/indices", "must be an array of integers, was a number"),
				arguments(json("{'indices':null}"), "/indices", "must be an array of integers, was null"),
				arguments(json("{'indices':'AAA='}"), "/indices", "must be an array of integers, was a string"),
				arguments(json("{'indices':[]}"), "/indices",
						"must not be an empty array: leave it out if the step is about all elements"),
				arguments(json("{'indices':[0,'1']}"), "/indices/1", "must be an integer, was a string"),
				arguments(json("{'indices':{}}"), "/indices", "must be an array of integers, was an object"),
				arguments(json("{'indices':[0,1,[2]]}"), "/indices/2", "must be an integer, was an array"),
				arguments(json("{'indices':[0,1.5]}"), "/indices/1", "must be an integer, was 1.5"),
				arguments(json("{'indices':[-1.5]}"), "/indices/0", "must be an integer, was -1.5"),
				arguments(json("{'indices':[12345678901234567890.5]}"), "/indices/0",
						"must be an integer, was 12345678901234567890.5"),
				arguments(json("{'indices':[1e-99999999999]}"), "/indices/0", "must be an integer, was 1e-99999999999"),
				arguments(json("{'indices':[123456789012345678900e-3]}"), "/indices/0",
						"must be an integer, was 123456789012345678900e-3"),
				arguments(json("{'indices':[" + "1".repeat(4097) + "]}"), "/indices/0",
						"must be a number of at most 4096 characters"),
				arguments(json("{'indices':[1.5,-1]}"), "/indices/0", "must be an integer, was 1.5"),
				// the rest
				arguments(json("{'maximize':1}"), "/maximize", "must be true or false, was a number"),
				arguments(json("{'maximize':'true'}"), "/maximize", "must be true or false, was a string"),
				arguments(json("{'dtype':'f32'}"), "/dtype", dtype + json("'f32'; did you mean 'F32'?")),
				arguments(json("{'dtype':'\\ud800\\nx'}"), "/dtype", dtype + json("'\uFFFD\uFFFDx'")),
				arguments(json("{'dtype':'" + "F".repeat(5000) + "'}"), "/dtype",
						dtype + json("'" + "F".repeat(40) + "…'")),
				arguments(json("{'dtype':64}"), "/dtype", dtype + "a number"),
				arguments(json("{'dtype':null}"), "/dtype", dtype + "null"),
				arguments(json("{'include':'update'}"), "/include", "must be an array of strings, was a string"),
				arguments(json("{'include':['update','G']}"), "/include/1", extra + json("'G'")),
				arguments(json("{'include':['UPDATE']}"), "/include/0",
						extra + json("'UPDATE'; did you mean 'update'?")),
				arguments(json("{'include':[null]}"), "/include/0", extra + "null"),
				arguments(json("{'name':1}"), "/name", "must be a string, was a number"),
				arguments(json("{'name':'" + "x".repeat(4097) + "'}"), "/name", "must have at most 4096 characters"),
				// the first fault decides, nothing after it is read
				arguments(json("{'step':1.5,NaN"), "/step", integer + "1.5"),
				arguments(json("{'grad':['x' NaN"), "/grad/0", "must be a number, was a string"),
				arguments("[] NaN", "", "must be an object, was an array"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "-2147483649", "9223372036854775808", "-9223372036854775809", "1e30", "1e2147483647",
			"1e99999999999", "-10e-1", "92233720368547758080.0e-1", "12345678901234567890.000",
			"123456789012345678901000e-3" })
	void indicesThatNoTensorHas(String index) {
		assertThatRefusal(Code.INDEX_OUT_OF_RANGE, () -> read(json("{'indices':[7,0," + index + ",NaN")))
			.satisfies((ex) -> {
				assertThat(place(ex).pointer()).isEqualTo("/indices/2");
				assertThat(place(ex).detail())
					.isEqualTo("must be an index from 0 to 9223372036854775807, was " + index);
				assertHarmless(ex.getMessage());
			});
	}

	@Test
	void nestingMayBe64Deep() {
		assertNesting(json("{'unknown':%s}"), 63);
		assertNesting(json("{'dtype':%s}"), 63);
		assertNesting(json("{'grad':[%s]}"), 62);
		assertNesting("%s", 64);
	}

	private static void assertNesting(String around, int allowed) {
		for (String[] brackets : new String[][] { { "[", "", "]" }, { json("{'a':"), "1", "}" } }) {
			String deep = brackets[0].repeat(allowed) + brackets[1] + brackets[2].repeat(allowed);
			String deeper = brackets[0].repeat(allowed + 1) + brackets[1] + brackets[2].repeat(allowed + 1);
			if (!(around.equals("%s") && brackets[0].startsWith("{"))) {
				assertThatRefusal(Code.INVALID_FIELD, () -> read(around.formatted(deep)));
				int column = around.indexOf('%') + allowed * brackets[0].length() + 1;
				assertThatRefusal(Code.MALFORMED_BODY, () -> read(around.formatted(deeper)))
					.withMessageContaining("nested more than 64 levels deep")
					.satisfies((ex) -> assertThat(number(ex, "column")).isEqualTo(column));
			}
		}
		assertThatRefusal(Code.MALFORMED_BODY,
				() -> read(around.substring(0, around.indexOf('%')) + "[".repeat(100_000)));
	}

	private static String unknown(String near) {
		return "is an unknown field; " + ((near != null) ? json("did you mean '" + near + "'? ") : "")
				+ "allowed are parameter, grad, G, learning_rate, step, maximize, dtype, epsilon_placement, include, name, "
				+ "size, indices";
	}

	private static void read(String document) {
		Documents.read(document.getBytes(StandardCharsets.ISO_8859_1));
	}

	private static void assertHarmless(String message) {
		assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(message)).isTrue();
		assertThat(message).doesNotContain("dev.adagrad", "Documents", "java.", "Exception").hasSizeLessThan(400);
		assertThat(message.chars()).noneMatch(Character::isISOControl);
	}

}
