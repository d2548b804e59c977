package io.postern.wire.http;

import java.util.List;
import java.util.Optional;

/**
 * A response's status line and fields as they were sent; {@link #conformance()} says what to think of it.
 *
 * @param minorVersion 0 or 1, of HTTP/1
 * @param status 100 to 599
 * @param reason may be empty
 * @param fields in their order
 */
public record ResponseHead(int minorVersion, int status, String reason, List<Field> fields) {

    public ResponseHead {
        if (minorVersion < 0 || minorVersion > 1) {
            throw new IllegalArgumentException("minor version is " + minorVersion + ", must be 0 or 1");
        }
        if (status < 100 || status > 599) {
            throw new IllegalArgumentException("status is " + status + ", must be 100 to 599");
        }
        if (!Octets.all(Octets.TEXT, reason)) {
            throw new IllegalArgumentException("reason must be text");
        }
        fields = List.copyOf(fields);
    }

    /** Worked out anew at each call, in time linear in the head. */
    public Conformance conformance() {
        return ResponseRules.judge(this);
    }

    /** The value of the first field of this name. */
    public Optional<String> field(String name) {
        return Field.first(fields, name);
    }

    /** Whether another head follows for the same request. 101 is final: another protocol follows. */
    public boolean interim() {
        return status < 200 && status != 101;
    }

    /** On the wire. */
    public byte[] bytes() {
        return HeadWriter.bytes("HTTP/1." + minorVersion + ' ' + status + ' ' + reason, fields);
    }
}
