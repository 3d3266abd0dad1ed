package dev.adagrad.torture;

import java.io.IOException;

/// One of many clients at once, on a thread of its own.
@FunctionalInterface
interface Attacker {

	/// Does what it does once; it is called again until the attack is over.
	/// @throws IOException if the connection has ended, which is counted already
	void attack() throws IOException;

}
