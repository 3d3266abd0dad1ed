package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import dev.adagrad.refusal.Refusal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Documents gone wrong by chance, with Jackson's strict parser as the judge of what is JSON.
class JsonFuzzTest {

	private static final int ROUNDS = 25_000;

	private static final String[] SEEDS = {
			json("{'parameter':[1.0,-2.5e-3,0.30],'grad':[0.1,0,1E+5],'G':[0,1,2],'dtype':'F32'}"),
			json("{'name':'a\\u00e9\\ud83d\\ude00é€😀\\n\\\\\\/', 'maximize': true ,'include':['update']}"),
			json("[{'a':[[],{},null,false,[1,[2,{'b':''}]]]},-0.0e-0]"), "-12.25E-7", " \"x\\ty\" ", "\r\n{\t}\n" };

	private static final String[] PIECES = { "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "0", "1", "-", "+", ".",
			"e", "E", "null", "true", "NaN", "Infinity", "/*", "//", "#", "'", " ", "\n", "\r", "\t", "\u0000",
			"\u001f", "\u007f", "é", "€", "😀", "\uFEFF", "1e400", "[[[[[[[[", "]]]]]]]]", json("{'a':"),
			json("'grad':"), "\u2028" };

	private static final JsonFactory JACKSON = JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(JsonGrammar.MAX_DEPTH).build())
		.build();

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 11, 12, 13, 14 })
	void whatIsJsonToUsIsJsonToJackson(long seed) {
		Random random = new Random(seed);
		int good = 0;
		for (int i = 0; i < ROUNDS; i++) {
			byte[] document = mutated(random);
			boolean accepted = isJson(document);
			good += accepted ? 1 : 0;
			assertThat(accepted).as("%s", escaped(document)).isEqualTo(isJsonToJackson(document));
		}
		// a fuzz that only ever sees bad documents, or good ones, would show little
		assertThat(good).isBetween(ROUNDS / 20, ROUNDS / 20 * 19);
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 21, 22, 23, 24 })
	void readingEndsInAMessageOrOneOfThreeRefusals(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < ROUNDS; i++) {
			byte[] document = mutated(random);
			String outcome = Documents.outcome(document);
			int chunk = 1 + random.nextInt(9);
			assertThat(Documents.outcome(Documents.inChunks(document, chunk), -1)).as("%s", escaped(document))
				.isEqualTo(outcome);
			if (!outcome.startsWith("invalid")) {
				assertThat(!outcome.startsWith("malformed")).as("%s %s", escaped(document), outcome)
					.isEqualTo(isJsonToJackson(document));
			}
			// an accepted name may hold half a surrogate pair; a message to people may
			// not
			if (outcome.startsWith("invalid") || outcome.startsWith("malformed")) {
				assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(outcome)).isTrue();
			}
		}
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 31, 32 })
	void noiseIsRefused(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < ROUNDS; i++) {
			byte[] noise = new byte[random.nextInt(40)];
			random.nextBytes(noise);
			if (!isJsonToJackson(noise)) {
				assertThat(Documents.outcome(noise)).as("%s", escaped(noise))
					.matches("(?s)(malformed|invalid|out of range|too large): .*");
			}
			byte[] within = Documents.utf8(json("{'name':'012345678901234567890123456789012345678901234567890'}"));
			System.arraycopy(noise, 0, within, 9 + random.nextInt(10), noise.length);
			assertThat(isJson(within)).as("%s", escaped(within)).isEqualTo(isJsonToJackson(within));
			Documents.outcome(within);
		}
	}

	private static byte[] mutated(Random random) {
		ByteArrayOutputStream document = new ByteArrayOutputStream();
		document.writeBytes(Documents.utf8(SEEDS[random.nextInt(SEEDS.length)]));
		for (int times = random.nextInt(4); times > 0 && document.size() > 0; times--) {
			byte[] bytes = document.toByteArray();
			int from = random.nextInt(bytes.length);
			int to = Math.min(bytes.length, from + random.nextInt(4));
			document.reset();
			document.write(bytes, 0, from);
			switch (random.nextInt(5)) {
				case 0 -> document.writeBytes(Documents.utf8(PIECES[random.nextInt(PIECES.length)]));
				case 1 -> document.write(random.nextInt(256));
				case 2 -> document.write(bytes, from, to - from);
				case 3 -> {
					document.writeBytes(Documents.utf8(PIECES[random.nextInt(PIECES.length)]));
					from = to;
				}
				default -> from = to;
			}
			document.write(bytes, from, bytes.length - from);
		}
		return document.toByteArray();
	}

	private static boolean isJson(byte[] document) {
		JsonCursor cursor = new JsonCursor(new ByteArrayInputStream(document), document.length, document.length);
		JsonStrings strings = new JsonStrings(cursor, JsonStrings.MAX_LENGTH);
		try {
			new JsonGrammar(cursor, strings, new NumberScanner(cursor)).skip();
			return cursor.peekToken() < 0;
		}
		catch (Refusal ex) {
			return false;
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private static boolean isJsonToJackson(byte[] document) {
		CharBuffer text;
		try {
			// Jackson guesses the encoding, and takes surrogates in UTF-8: the JDK is
			// stricter
			text = StandardCharsets.UTF_8.newDecoder()
				.onMalformedInput(CodingErrorAction.REPORT)
				.decode(ByteBuffer.wrap(document));
		}
		catch (CharacterCodingException ex) {
			return false;
		}
		try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), text.toString())) {
			int roots = 0;
			int depth = 0;
			while (parser.nextToken() != null) {
				depth += parser.currentToken().isStructStart() ? 1 : parser.currentToken().isStructEnd() ? -1 : 0;
				roots += (depth == 0) ? 1 : 0;
				// numbers and strings are parsed when asked for
				parser.getString();
			}
			return roots == 1;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	private static String escaped(byte[] document) {
		return new String(document, StandardCharsets.ISO_8859_1);
	}

}
