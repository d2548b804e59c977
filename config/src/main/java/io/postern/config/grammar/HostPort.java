package io.postern.config.grammar;

import java.util.Optional;

/**
 * {@code host}, {@code host:port}, {@code [IPv6]:port} or {@code IPv6} taken apart; neither half is checked.
 *
 * @param host without brackets
 */
public record HostPort(String host, Optional<String> port) {

    public static HostPort split(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0) {
                return new HostPort(text, Optional.empty());
            }
            String rest = text.substring(end + 1);
            // What follows a bracket and is not a port stays with the host, where it fails the host's grammar.
            return rest.isEmpty() || rest.startsWith(":")
                    ? new HostPort(
                            text.substring(1, end), rest.isEmpty() ? Optional.empty() : Optional.of(rest.substring(1)))
                    : new HostPort(text, Optional.empty());
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0 || text.indexOf(':') != colon) {
            return new HostPort(text, Optional.empty());
        }
        return new HostPort(text.substring(0, colon), Optional.of(text.substring(colon + 1)));
    }
}
