package io.postern.wire.http;

import io.postern.wire.ByteCursor;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/** One lenient pass over the field lines of somebody else's head. */
final class OpeningFields {

    private final ByteBuffer bytes;
    private Optional<String> host = Optional.empty();
    private Optional<String> userAgent = Optional.empty();
    private boolean upgrades;
    private boolean toWebsocket;
    private boolean version13;
    private boolean key;
    private boolean complete;
    private int end;

    OpeningFields(ByteBuffer bytes, int from, int end) {
        this.bytes = bytes;
        this.end = end;
        int line = from;
        for (int i = from; i < end && !complete; i++) {
            if (bytes.get(i) == '\n') {
                line(line, i > line && bytes.get(i - 1) == '\r' ? i - 1 : i, i + 1);
                line = i + 1;
            }
        }
    }

    Optional<String> host() {
        return host;
    }

    Optional<String> userAgent() {
        return userAgent;
    }

    /** All that RFC 6455 section 4.1 has a client send, but for the method. */
    boolean websocketUpgrade() {
        return upgrades && toWebsocket && version13 && key;
    }

    /** Whether the empty line was seen. */
    boolean complete() {
        return complete;
    }

    /** After the empty line, or where one had to stop looking. */
    int end() {
        return end;
    }

    private void line(int from, int to, int next) {
        if (from == to) {
            complete = true;
            end = next;
            return;
        }
        if (starts(from, to, "host:")) {
            host = host.or(() -> value(from + 5, to));
        } else if (starts(from, to, "user-agent:")) {
            userAgent = userAgent.or(() -> value(from + 11, to));
        } else if (starts(from, to, "connection:")) {
            upgrades |= mentions(from + 11, to, "upgrade");
        } else if (starts(from, to, "upgrade:")) {
            toWebsocket |= mentions(from + 8, to, "websocket");
        } else if (starts(from, to, "sec-websocket-version:")) {
            version13 |= mentions(from + 22, to, "13");
        } else if (starts(from, to, "sec-websocket-key:")) {
            key |= value(from + 18, to).filter(value -> !value.isEmpty()).isPresent();
        }
    }

    private boolean starts(int from, int to, String lowerCase) {
        if (to - from < lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            int octet = bytes.get(from + i);
            if ((octet >= 'A' && octet <= 'Z' ? octet + 32 : octet) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private Optional<String> value(int from, int to) {
        return Optional.of(Octets.trimmed(ByteCursor.latin1(bytes, from, to)));
    }

    private boolean mentions(int from, int to, String word) {
        for (String member : ByteCursor.latin1(bytes, from, to).split(",", -1)) {
            if (Octets.trimmed(member).toLowerCase(Locale.ROOT).equals(word)) {
                return true;
            }
        }
        return false;
    }
}
