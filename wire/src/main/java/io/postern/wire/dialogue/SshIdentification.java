package io.postern.wire.dialogue;

/**
 * How one end of an SSH connection introduces itself.
 *
 * @param version of the protocol, {@code 2.0} or {@code 1.99}
 * @param software name and version as sent, without the comments behind it
 */
public record SshIdentification(String version, String software) {}
