package dev.adagrad;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// A safetensors file, put together and taken apart by the page of the format alone: nothing of the service's own reader
/// and writer is used. Not immutable, for one thread.
///
/// @see <a href="https://huggingface.co/docs/safetensors/index#format">safetensors: format</a>
public final class SafetensorsFile {

	public static final String MEDIA_TYPE = "application/vnd.safetensors";

	private static final Map<String, Integer> BYTES = Map.of("F64", 8, "F32", 4, "I64", 8, "I32", 4, "BF16", 2, "F16",
			2, "U8", 1);

	private static final JsonFactory JSON = new JsonFactory();

	private final Map<String, String> metadata = new LinkedHashMap<>();

	private final Map<String, Tensor> tensors = new LinkedHashMap<>();

	/// A file of which every part may be a lie.
	public static byte[] of(String header, byte... data) {
		byte[] json = header.getBytes(StandardCharsets.UTF_8);
		return of(json.length, json, data);
	}

	public static byte[] of(long headerBytes, byte[] header, byte... data) {
		return ByteBuffer.allocate(Long.BYTES + header.length + data.length)
			.order(ByteOrder.LITTLE_ENDIAN)
			.putLong(headerBytes)
			.put(header)
			.put(data)
			.array();
	}

	/// Adds a string to the metadata.
	public SafetensorsFile with(String key, Object value) {
		this.metadata.put(key, value.toString());
		return this;
	}

	public SafetensorsFile doubles(String name, double... values) {
		return doubles(name, List.of(values.length), values);
	}

	/// Adds a tensor; those added first stand first in the data.
	public SafetensorsFile doubles(String name, List<Integer> shape, double... values) {
		byte[] data = new byte[values.length * Double.BYTES];
		littleEndian(data).asDoubleBuffer().put(values);
		return tensor(name, "F64", shape, data);
	}

	public SafetensorsFile floats(String name, float... values) {
		return floats(name, List.of(values.length), values);
	}

	public SafetensorsFile floats(String name, List<Integer> shape, float... values) {
		byte[] data = new byte[values.length * Float.BYTES];
		littleEndian(data).asFloatBuffer().put(values);
		return tensor(name, "F32", shape, data);
	}

	public SafetensorsFile longs(String name, long... values) {
		byte[] data = new byte[values.length * Long.BYTES];
		littleEndian(data).asLongBuffer().put(values);
		return tensor(name, "I64", List.of(values.length), data);
	}

	public SafetensorsFile tensor(String name, String dtype, List<Integer> shape, byte... data) {
		this.tensors.put(name, new Tensor(dtype, List.copyOf(shape), ByteBuffer.wrap(data)));
		return this;
	}

	/// The file, its header not padded: so its data begins wherever the header ends.
	public byte[] bytes() {
		return of(header(), data());
	}

	public String header() {
		List<String> members = new ArrayList<>();
		if (!this.metadata.isEmpty()) {
			members.add("\"__metadata__\":" + JsonMapper.shared().writeValueAsString(this.metadata));
		}
		int begin = 0;
		for (Map.Entry<String, Tensor> entry : this.tensors.entrySet()) {
			Tensor tensor = entry.getValue();
			int end = begin + tensor.data().capacity();
			members.add(JsonMapper.shared().writeValueAsString(entry.getKey()) + ":{\"dtype\":\"" + tensor.dtype()
					+ "\",\"shape\":" + tensor.shape() + ",\"data_offsets\":[" + begin + "," + end + "]}");
			begin = end;
		}
		return members.stream().collect(Collectors.joining(",", "{", "}"));
	}

	/// All tensors, one behind the other.
	public byte[] data() {
		byte[] all = new byte[this.tensors.values().stream().mapToInt((tensor) -> tensor.data().capacity()).sum()];
		ByteBuffer data = littleEndian(all);
		this.tensors.values().forEach((tensor) -> data.put(tensor.data().duplicate()));
		return all;
	}

	private static ByteBuffer littleEndian(byte... bytes) {
		return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
	}

	/// Reads a file as the reference reader does, and a little more strictly: no name
	/// twice, no other keys.
	/// @throws IllegalArgumentException if it is none
	public static SafetensorsFile parse(byte... bytes) {
		require(bytes.length >= Long.BYTES, "no length");
		ByteBuffer all = littleEndian(bytes);
		long headerBytes = all.getLong();
		require(headerBytes > 0 && headerBytes <= bytes.length - Long.BYTES, "header length");
		Map<?, ?> header = json(decode(all.slice(Long.BYTES, (int) headerBytes)));
		ByteBuffer data = all.slice((int) (Long.BYTES + headerBytes), (int) (bytes.length - Long.BYTES - headerBytes));
		SafetensorsFile file = new SafetensorsFile();
		List<Placed> placed = new ArrayList<>();
		header.forEach((name, value) -> {
			require(value instanceof Map, "no object");
			if (name.equals("__metadata__")) {
				((Map<?, ?>) value).forEach((key, text) -> {
					require(text instanceof String, "no string");
					file.metadata.put((String) key, (String) text);
				});
			}
			else {
				placed.add(placed((String) name, (Map<?, ?>) value));
			}
		});
		placed.sort(Comparator.comparingLong(Placed::begin));
		long end = 0;
		for (Placed tensor : placed) {
			require(tensor.begin() == end && tensor.end() <= data.capacity(), "overlap or hole");
			end = tensor.end();
			ByteBuffer slice = data.slice((int) tensor.begin(), (int) (tensor.end() - tensor.begin()));
			file.tensors.put(tensor.name(), new Tensor(tensor.dtype(), tensor.shape(), slice));
		}
		require(end == data.capacity(), "trailing bytes");
		return file;
	}

	private static Placed placed(String name, Map<?, ?> tensor) {
		require(tensor.keySet().equals(Set.of("dtype", "shape", "data_offsets")), "keys");
		require(tensor.get("dtype") instanceof String, "dtype");
		String dtype = (String) tensor.get("dtype");
		require(BYTES.containsKey(dtype), "dtype");
		List<Long> shape = integers(tensor.get("shape"));
		List<Long> offsets = integers(tensor.get("data_offsets"));
		require(offsets.size() == 2, "offsets");
		try {
			long size = shape.stream().reduce(1L, Math::multiplyExact);
			require(Math.multiplyExact(size, (long) BYTES.get(dtype)) == offsets.get(1) - offsets.get(0), "bytes");
			return new Placed(name, dtype, shape.stream().map(Math::toIntExact).toList(), offsets.get(0),
					offsets.get(1));
		}
		catch (ArithmeticException ex) {
			throw new IllegalArgumentException("overflow", ex);
		}
	}

	private static List<Long> integers(Object value) {
		require(value instanceof List, "no array");
		return ((List<?>) value).stream().map((element) -> {
			require(element instanceof Digits(String text) && text.matches("[0-9]{1,18}"), "no integer");
			return Long.valueOf(((Digits) element).text());
		}).toList();
	}

	private static String decode(ByteBuffer header) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(header).toString();
		}
		catch (CharacterCodingException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	private static Map<?, ?> json(String header) {
		require(header.startsWith("{"), "no object");
		try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), header)) {
			parser.nextToken();
			Object value = value(parser);
			require(parser.nextToken() == null, "trailing JSON");
			return (Map<?, ?>) value;
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	private static Object value(JsonParser parser) {
		JsonToken token = parser.currentToken();
		return switch (token) {
			case null -> throw new IllegalArgumentException("the header ends");
			case START_OBJECT -> {
				Map<String, Object> members = new LinkedHashMap<>();
				while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
					String name = parser.getString();
					parser.nextToken();
					require(members.put(name, value(parser)) == null, "twice");
				}
				yield members;
			}
			case START_ARRAY -> {
				List<Object> elements = new ArrayList<>();
				while (parser.nextToken() != JsonToken.END_ARRAY) {
					elements.add(value(parser));
				}
				yield elements;
			}
			case VALUE_STRING -> parser.getString();
			case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Digits(parser.getString());
			default -> token;
		};
	}

	private static void require(boolean rule, String broken) {
		if (!rule) {
			throw new IllegalArgumentException(broken);
		}
	}

	public Map<String, String> metadata() {
		return this.metadata;
	}

	/// The names of the tensors, in the order of their data.
	public List<String> names() {
		return List.copyOf(this.tensors.keySet());
	}

	public String dtype(String name) {
		return this.tensors.get(name).dtype();
	}

	public List<Integer> shape(String name) {
		return this.tensors.get(name).shape();
	}

	/// The elements of a tensor, widened to F64, which is exact for those of F32.
	public double[] doubles(String name) {
		Tensor tensor = this.tensors.get(name);
		ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
		double[] values = new double[data.capacity() / BYTES.get(tensor.dtype())];
		Arrays.setAll(values, (i) -> switch (tensor.dtype()) {
			case "F64" -> data.getDouble(i * Double.BYTES);
			case "F32" -> data.getFloat(i * Float.BYTES);
			default -> throw new IllegalArgumentException(tensor.dtype());
		});
		return values;
	}

	public long[] longs(String name) {
		Tensor tensor = this.tensors.get(name);
		require(tensor.dtype().equals("I64"), "not I64");
		ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
		long[] values = new long[data.capacity() / Long.BYTES];
		data.asLongBuffer().get(values);
		return values;
	}

	/// A tensor's bytes as they stand in the file.
	private record Tensor(String dtype, List<Integer> shape, ByteBuffer data) {
	}

	private record Placed(String name, String dtype, List<Integer> shape, long begin, long end) {
	}

	/// A number as it is written.
	private record Digits(String text) {
	}

}
