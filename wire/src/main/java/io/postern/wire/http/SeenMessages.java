package io.postern.wire.http;

import java.nio.ByteBuffer;

/**
 * The messages of one direction, one behind the other.
 *
 * <pre>
 * START → FIELDS → BODY → START …      stopped from outside, or by bytes that are no message
 * </pre>
 */
final class SeenMessages {

    static final String NO_MESSAGE = "no message of HTTP/1 begins here, RFC 9112 section 2.1";
    static final String TOO_LONG = "head longer than one looks at";
    static final String LENGTH = "Content-Length is not one decimal number, RFC 9110 section 8.6";

    /** Our limit of what a head may hold; a line of it may be as long. */
    private static final int LONGEST_HEAD = 64 * 1024;

    /** Who is told, and says what follows a head. */
    interface Reader {

        /** Whether the line is one that a message of this direction begins with. */
        boolean begins(SeenHead head, String line, boolean cut);

        BodyFraming follows(SeenHead head, int bytes);

        /** The next of its body, between these positions. */
        void body(ByteBuffer bytes, int from, int to);

        void ended(long bodyBytes);

        void broken(String rule);
    }

    private enum At {
        START,
        FIELDS,
        BODY,
        STOPPED
    }

    private final Reader reader;
    private final SeenLine line = new SeenLine();
    private SeenHead head = new SeenHead();
    private int headBytes;
    private BodyFraming framing = BodyFraming.NONE;
    private ChunkedBody chunks = new ChunkedBody(HttpLimits.DEFAULTS);
    private long bodyBytes;
    private At at = At.START;
    private boolean held;

    SeenMessages(Reader reader) {
        this.reader = reader;
    }

    /** Reads on to the end, or to where it is stopped: the buffer's position is then there. */
    void read(ByteBuffer bytes) {
        while (bytes.hasRemaining() && at != At.STOPPED && !held) {
            if (at == At.BODY) {
                body(bytes);
            } else if (++headBytes > LONGEST_HEAD) {
                broken(TOO_LONG);
            } else if (line.ends(bytes.get())) {
                boolean cut = line.cut();
                lineEnds(line.take(), cut);
            }
        }
    }

    /** Nothing is read behind this message until it is known what follows. */
    void hold(boolean now) {
        held = now;
    }

    /** Nothing more is read. */
    void stop() {
        at = At.STOPPED;
    }

    /** Bytes that nobody saw; false when the end of the message cannot be found without them. */
    boolean skip(long missing) {
        boolean inside = at == At.BODY
                && (framing.kind() == BodyFraming.Kind.UNTIL_CLOSE
                        || (framing.kind() == BodyFraming.Kind.LENGTH && bodyBytes + missing < framing.bytes()));
        if (inside) {
            bodyBytes += missing;
        }
        return inside || at == At.STOPPED;
    }

    private void lineEnds(String text, boolean cut) {
        if (at == At.FIELDS) {
            if (text.isEmpty()) {
                headEnds();
            } else {
                head.field(text);
            }
        } else if (text.isEmpty()) {
            // Before a request, RFC 9112 section 2.2.
            headBytes = 0;
        } else if (reader.begins(head, text, cut)) {
            at = At.FIELDS;
        } else {
            broken(NO_MESSAGE);
        }
    }

    private void headEnds() {
        SeenHead seen = head;
        int bytes = headBytes;
        head = new SeenHead();
        headBytes = 0;
        bodyBytes = 0;
        at = At.BODY;
        framing = reader.follows(seen, bytes);
        if (at == At.STOPPED) {
            return;
        }
        if (seen.unreadableLength()) {
            broken(LENGTH);
        } else if (framing.kind() == BodyFraming.Kind.NONE) {
            ended();
        } else if (framing.kind() == BodyFraming.Kind.CHUNKED) {
            chunks = new ChunkedBody(HttpLimits.DEFAULTS);
        }
    }

    private void body(ByteBuffer bytes) {
        int from = bytes.position();
        switch (framing.kind()) {
            case LENGTH -> {
                bytes.position(from + (int) Math.min(bytes.remaining(), framing.bytes() - bodyBytes));
                bodyBytes += bytes.position() - from;
                reader.body(bytes, from, bytes.position());
                if (bodyBytes == framing.bytes()) {
                    ended();
                }
            }
            case CHUNKED -> {
                ChunkedBody.Piece piece = chunks.next(bytes);
                bodyBytes += bytes.position() - from;
                if (piece instanceof ChunkedBody.Data data) {
                    reader.body(bytes, bytes.position() - data.slice().remaining(), bytes.position());
                } else if (piece instanceof ChunkedBody.End) {
                    ended();
                } else if (piece instanceof ChunkedBody.Broken broken) {
                    broken(broken.rule());
                }
            }
            case UNTIL_CLOSE, NONE -> {
                bytes.position(bytes.limit());
                bodyBytes += bytes.position() - from;
                reader.body(bytes, from, bytes.position());
            }
        }
    }

    private void ended() {
        at = At.START;
        reader.ended(bodyBytes);
    }

    private void broken(String rule) {
        at = At.STOPPED;
        reader.broken(rule);
    }
}
