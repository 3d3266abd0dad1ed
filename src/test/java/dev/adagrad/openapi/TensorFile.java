package dev.adagrad.openapi;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;

import static dev.adagrad.Json.json;

/// A safetensors file all of whose elements are 0.
///
/// @param header as it stands in the file
/// @param dataBytes how many bytes follow it
record TensorFile(String header, int dataBytes) {

	static final String MEDIA_TYPE = "application/vnd.safetensors";

	/// A file of one tensor.
	/// @param elementBytes of the dtype
	static TensorFile of(String name, String dtype, int elementBytes, int size) {
		int bytes = elementBytes * size;
		return new TensorFile(
				json("{'%s':{'dtype':'%s','shape':[%d],'data_offsets':[0,%d]}}").formatted(name, dtype, size, bytes),
				bytes);
	}

	/// What the service answers to it.
	Answer sendBy(TestClient client, String method, String path) {
		return client.send(method, path, body(), "Content-Type", MEDIA_TYPE);
	}

	private BodyPublisher body() {
		byte[] text = this.header.getBytes(StandardCharsets.UTF_8);
		return BodyPublishers.ofByteArray(ByteBuffer.allocate(Long.BYTES + text.length + this.dataBytes)
			.order(ByteOrder.LITTLE_ENDIAN)
			.putLong(text.length)
			.put(text)
			.array());
	}

}
