package dev.adagrad.openapi;

import java.util.Locale;

/// The examples of calls on sessions, in the order in which they are shown; those of one session follow upon each other.
/// A resource holds each, and tests make the calls.
enum SessionExample {

	HELD("The server keeps G and the parameter"), HELD_AGAIN("The same again, a step later"),
	G_ALONE("The server keeps G alone, for an hour after the last step"),
	CARRIED_ON("Training that goes on after 1000 steps, in single precision"),
	MILLION("A million elements, none of them sent"), GRADIENT("A gradient"),
	EVERYTHING_ANSWERED("With everything that can be asked for"), OWN_RATE("A learning rate for this step alone"),
	SPARSE("A sparse step: values of one index are summed"), MINIMAL("Prefer: return=minimal"),
	REPLAYED("A key sent again after another step"), STATE("After one step"),
	ELEMENTS("The first and the last of three elements"), LIST("One session");

	private final String summary;

	SessionExample(String summary) {
		this.summary = summary;
	}

	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	String summary() {
		return this.summary;
	}

	String requestResource() {
		return "/openapi/session/" + id() + ".request.json";
	}

	String responseResource() {
		return "/openapi/session/" + id() + ".response.json";
	}

}
