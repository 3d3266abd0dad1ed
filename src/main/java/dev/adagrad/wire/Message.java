package dev.adagrad.wire;

/// Marks a record that travels on the wire; its components are the fields, see [MessageType].
public interface Message {

}
