package dev.adagrad.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// The twins are one algorithm: where `double` is put for `float`, and the casts that F32 needs are left out, each method
/// of one is that of the other.
class TwinLoopsTest {

	/// Those that differ by their nature: what F32 takes from F64, and how a norm is kept
	/// from overflow.
	private static final List<String> APART = List.of("Loops", "clipFactor", "sumOfSquares", "norm", "sqrt");

	private static final Pattern METHOD = Pattern
		.compile("(?m)^\\t[^\\t/@}].*?\\b(\\w+)\\([^;]*?\\{\\n(?s:.*?)^\\t}\\n");

	@Test
	void eachMethodOfOneIsThatOfTheOther() throws IOException {
		Map<String, String> doubles = methods("Double");
		Map<String, String> floats = methods("Float");
		assertThat(doubles).hasSizeGreaterThan(15);
		assertThat(floats).isEqualTo(doubles);
	}

	private static Map<String, String> methods(String type) throws IOException {
		String source = Files.readString(Path.of("src/main/java/dev/adagrad/kernel/" + type + "Loops.java"))
			.replaceAll("//.*", "")
			.replace(type, "")
			.replaceAll("\\b(double|float)\\b", "real")
			.replace("(real) ", "")
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
