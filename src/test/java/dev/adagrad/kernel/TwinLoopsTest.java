package dev.adagrad.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/// The twins are one algorithm: where `double` is put for `float`, and the casts that F32 needs are left out, each method
/// of one is that of the other.
class TwinLoopsTest {

	/// Those that differ by their nature: what F32 takes from F64, and how a norm is kept
	/// from overflow.
	private static final List<String> APART = List.of("Loops", "sumOfSquares", "norm", "difference", "sqrt");

	private static final Pattern METHOD = Pattern
		.compile("(?m)^\\t[^\\t/@}].*?\\b(\\w+)\\([^;]*?\\{\\n(?s:.*?)^\\t}\\n");

	@ParameterizedTest
	@CsvSource({ "Loops, 20", "Step, 4" })
	void eachMethodOfOneIsThatOfTheOther(String twin, int atLeast) throws IOException {
		Map<String, String> doubles = methods("Double", twin);
		Map<String, String> floats = methods("Float", twin);
		assertThat(doubles).hasSizeGreaterThanOrEqualTo(atLeast);
		assertThat(floats.keySet()).isEqualTo(doubles.keySet());
		doubles.forEach((name, method) -> assertThat(floats.get(name)).isEqualTo(method));
	}

	private static Map<String, String> methods(String type, String twin) throws IOException {
		String source = Files.readString(Path.of("src/main/java/dev/adagrad/kernel/" + type + twin + ".java"))
			.replaceAll("//.*", "")
			.replaceAll("\\b" + type + "(?=Loops|Step|Tensor|\\.)", "")
			.replaceAll("\\b(double|float)\\b", "real")
			.replace("(real) ", "")
			.replaceAll("\\b(0\\.[05])f", "$1")
			.replace("root(", "Math.sqrt(");
		Map<String, String> methods = new TreeMap<>();
		Matcher method = METHOD.matcher(source);
		while (method.find()) {
			if (!APART.contains(method.group(1))) {
				methods.merge(method.group(1), method.group().replaceAll("\\s+", " "), String::concat);
			}
		}
		return methods;
	}

}
