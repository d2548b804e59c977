package io.postern.wire.dialogue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Watches a dialogue for the moment it turns to TLS. Fed with the bytes of both ends in the order they come; keeps the
 * beginning of one line per direction, {@value #MOST_LINE} bytes, and nothing else.
 *
 * <pre>
 *          client asks             server agrees     source
 * SMTP     STARTTLS                220               RFC 3207 section 4
 * IMAP     tag STARTTLS            tag OK            RFC 9051 section 6.2.1
 * POP3     STLS                    +OK               RFC 2595 section 4
 * FTP      AUTH TLS (or SSL, …)    234               RFC 4217 section 4
 * XMPP     &lt;starttls …/&gt;           &lt;proceed …/&gt;      RFC 6120 section 5.4.2, a tag where others have a line
 *
 * talking → asked → TLS               the client's next byte is that of a handshake record
 *    ↑_________|                      it is not: the server said no
 * </pre>
 *
 * <p>Looks at {@value #MOST_BYTES} bytes per direction at most. Not thread-safe.
 */
public final class StartTls {

    /** Per direction; a client that wants TLS says so among its first commands. */
    public static final int MOST_BYTES = 16 * 1024;

    /** Of a line, in bytes: IMAP's tags may have any length, and no client makes one of half of this. */
    static final int MOST_LINE = 1024;

    /** Content type of a handshake record, RFC 8446 section 5.1. */
    private static final int HANDSHAKE = 0x16;

    private enum State {
        TALKING,
        ASKED,
        TLS,
        OVER
    }

    private final Dialogue dialogue;
    private final Beginning clientLine;
    private final Beginning serverLine;
    private State state = State.TALKING;
    private String tag = "";
    private boolean agreed;

    public StartTls(Dialogue dialogue) {
        this.dialogue = dialogue;
        int last = dialogue == Dialogue.XMPP ? '>' : '\n';
        this.clientLine = new Beginning(last);
        this.serverLine = new Beginning(last);
    }

    /** Reads on to the end, or to where the client begins to speak TLS: the buffer's position is then there. */
    public void fromClient(ByteBuffer bytes) {
        while (bytes.hasRemaining() && state != State.TLS) {
            if (state == State.ASKED) {
                boolean handshake = bytes.get(bytes.position()) == HANDSHAKE;
                state = handshake ? State.TLS : State.TALKING;
                agreed &= handshake;
            } else if (state == State.OVER || clientLine.full()) {
                state = State.OVER;
                bytes.position(bytes.limit());
            } else if (clientLine.ends(bytes.get())) {
                asked(clientLine.take());
            }
        }
    }

    /** Reads on to the end. */
    public void fromServer(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (agreed || state == State.OVER || serverLine.full()) {
                bytes.position(bytes.limit());
            } else if (serverLine.ends(bytes.get())) {
                String line = serverLine.take();
                agreed = (state == State.ASKED || state == State.TLS) && agrees(line);
            }
        }
    }

    /** Whether the client asked for TLS, the server agreed, and the client has begun. */
    public boolean started() {
        return state == State.TLS && agreed;
    }

    /** Whether nothing more is to be learnt here. */
    public boolean over() {
        return state == State.OVER;
    }

    private void asked(String line) {
        boolean asks =
                switch (dialogue) {
                    case SMTP -> line.equals("STARTTLS");
                    case POP3 -> line.equals("STLS");
                    case FTP -> line.startsWith("AUTH TLS") || line.startsWith("AUTH SSL");
                    case XMPP -> line.startsWith("<STARTTLS");
                    case IMAP -> line.endsWith(" STARTTLS") && line.indexOf(' ') == line.length() - 9;
                };
        if (asks) {
            state = State.ASKED;
            tag = dialogue == Dialogue.IMAP ? line.substring(0, line.indexOf(' ')) : "";
        }
    }

    private boolean agrees(String line) {
        return switch (dialogue) {
            case SMTP -> line.startsWith("220");
            case POP3 -> line.startsWith("+OK");
            case FTP -> line.startsWith("234");
            case XMPP -> line.startsWith("<PROCEED");
            case IMAP -> line.startsWith(tag + " OK");
        };
    }

    /** The beginning of the line being said, without whitespace before it, and how much was said in all. */
    private static final class Beginning {

        private static final int FIRST = 64;

        private final int last;
        private byte[] octets = new byte[FIRST];
        private int kept;
        private int seen;

        /** @param last octet of a line */
        Beginning(int last) {
            this.last = last;
        }

        boolean full() {
            return seen >= MOST_BYTES;
        }

        /** Whether this octet ends the line. */
        boolean ends(byte octet) {
            seen++;
            if (octet == last) {
                return true;
            }
            if (kept < MOST_LINE && (kept > 0 || octet > ' ')) {
                if (kept == octets.length) {
                    octets = Arrays.copyOf(octets, Math.min(MOST_LINE, 2 * kept));
                }
                octets[kept++] = octet;
            }
            return false;
        }

        /** In upper case, without whitespace at its ends; a new line begins. */
        String take() {
            String line = new String(octets, 0, kept, StandardCharsets.ISO_8859_1);
            kept = 0;
            return line.strip().toUpperCase(Locale.ROOT);
        }
    }
}
