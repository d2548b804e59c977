package io.postern.gateway.zeek;

import io.postern.gateway.detect.FlowLine;
import io.postern.gateway.records.CappedText;
import io.postern.gateway.records.Exchanges;
import io.postern.wire.http.PathClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the other logs say of one connection, the first of each kind in full. */
final class ZeekDetails {

    private static final int MOST_QUESTIONS = 128;
    private static final int FIELDS = 3;
    private static final long[] NONE = {};

    boolean tls;
    boolean quic;
    String serverName = "";
    String version = "";
    String quicVersion = "";
    String cipher = "";
    String alpn = "";
    String ja3 = "";
    String ja3s = "";
    String ja4 = "";

    int requests;
    String host = "";
    String method = "";
    Optional<PathClass> path = Optional.empty();
    String userAgent = "";
    int status;

    private List<FlowLine.Question> questions = List.of();

    /** Of each request: microseconds, length of its body, length of the answer's body. */
    private long[] bodies = NONE;

    private int bodyCount;

    void tls(ZeekRow row) {
        if (!tls) {
            version = CappedText.cut(row.get(ZeekField.VERSION), CappedText.LABEL);
            cipher = CappedText.cut(row.get(ZeekField.CIPHER), CappedText.LABEL);
            alpn = CappedText.cut(row.get(ZeekField.NEXT_PROTOCOL), CappedText.LABEL);
            ja3 = CappedText.cut(row.get(ZeekField.JA3), CappedText.LABEL);
            ja3s = CappedText.cut(row.get(ZeekField.JA3S), CappedText.LABEL);
            ja4 = CappedText.cut(row.get(ZeekField.JA4), CappedText.LABEL);
        }
        tls = true;
        named(row);
    }

    void quic(ZeekRow row) {
        quic = true;
        quicVersion =
                quicVersion.isEmpty() ? CappedText.cut(row.get(ZeekField.VERSION), CappedText.LABEL) : quicVersion;
        named(row);
    }

    private void named(ZeekRow row) {
        if (serverName.isEmpty()) {
            serverName = CappedText.cut(row.get(ZeekField.SERVER_NAME), CappedText.NAME)
                    .toLowerCase(Locale.ROOT);
        }
    }

    void http(ZeekRow row) {
        if (requests++ == 0) {
            method = CappedText.cut(row.get(ZeekField.METHOD), CappedText.LABEL);
            path = row.has(ZeekField.URI) ? Optional.of(PathClass.of(row.get(ZeekField.URI))) : Optional.empty();
            userAgent = CappedText.cut(row.get(ZeekField.USER_AGENT), CappedText.HOST);
            status = (int) Math.max(0, Math.min(999, row.number(ZeekField.STATUS_CODE)));
        }
        // As our own records: the host is the last request's.
        host = row.has(ZeekField.HOST) ? CappedText.cut(row.get(ZeekField.HOST), CappedText.HOST) : host;
        if (bodyCount < Exchanges.MAX) {
            bodies = bodyCount * FIELDS < bodies.length
                    ? bodies
                    : Arrays.copyOf(bodies, Math.max(FIELDS, 2 * bodies.length));
            int at = bodyCount++ * FIELDS;
            bodies[at] = row.micros(ZeekField.TS);
            bodies[at + 1] = Math.max(0, row.number(ZeekField.REQUEST_BODY_LEN));
            bodies[at + 2] = Math.max(0, row.number(ZeekField.RESPONSE_BODY_LEN));
        }
    }

    void dns(ZeekRow row) {
        String query = CappedText.cut(row.get(ZeekField.QUERY), CappedText.NAME).toLowerCase(Locale.ROOT);
        if (query.isEmpty() || questions.size() >= MOST_QUESTIONS) {
            return;
        }
        if (questions.isEmpty()) {
            questions = new ArrayList<>(1);
        }
        questions.add(new FlowLine.Question(
                row.micros(ZeekField.TS) / 1_000,
                query.endsWith(".") ? query.substring(0, query.length() - 1) : query,
                (int) Math.max(0, Math.min(0xFFFF, row.number(ZeekField.QTYPE))),
                (int) Math.max(-1, Math.min(0xFFFF, row.number(ZeekField.RCODE))),
                0));
    }

    List<FlowLine.Question> questions() {
        return questions;
    }

    /**
     * The requests as exchanges. One alone has all bytes of its connection; of several only the lengths of their bodies are
     * known.
     */
    Exchanges exchanges(long startMicros, long bytesOut, long bytesIn) {
        long[] tape = new long[bodyCount * FIELDS];
        long last = 0;
        for (int i = 0; i < bodyCount; i++) {
            int at = i * FIELDS;
            last = Math.max(last, (bodies[at] - startMicros) / 1_000);
            tape[at] = last;
            tape[at + 1] = bodyCount == 1 ? bytesOut : bodies[at + 1];
            tape[at + 2] = bodyCount == 1 ? bytesIn : bodies[at + 2];
        }
        return Exchanges.of(tape, bodyCount);
    }
}
