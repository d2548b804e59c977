package io.postern.wire.dialogue;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tells SMTP from FTP by the first command that only one of them has: RFC 5321 section 4.1.1, RFC 959 section 4.1,
 * RFC 2228, 2389, 7151. Commands of both are read over.
 *
 * <p>FTP is certain only behind a greeting with code 220: POP3 has some of its commands too. Behind a bare {@code +OK} it
 * is POP3 that {@link #behindOk} tells, by those commands of RFC 1939, 2449 and 2595 that neither Redis nor NATS has.
 */
public final class FirstCommandParser implements Parser<Dialogue> {

    /** Bytes within which such a command must come. */
    public static final int LONGEST = 2048;

    /** Our limit, no rule of theirs. */
    public static final String TOO_LONG = "no telling command in " + LONGEST + " bytes";

    /** What many have, and empty lines: servers read over them. */
    private static final Set<String> BOTH = Set.of("NOOP", "HELP", "QUIT", "RSET", "STAT", "\r\n", "\n");

    private static final Map<String, Dialogue> BEHIND_220 = new TreeMap<>();
    private static final Map<String, Dialogue> BEHIND_OK = new TreeMap<>();

    static {
        for (String verb : new String[] {"EHLO", "HELO", "MAIL"}) {
            BEHIND_220.put(verb, Dialogue.SMTP);
        }
        for (String verb :
                new String[] {"USER", "AUTH", "FEAT", "SYST", "OPTS", "HOST", "CLNT", "PASS", "ACCT", "PBSZ", "LANG"}) {
            BEHIND_220.put(verb, Dialogue.FTP);
        }
        for (String verb : new String[] {"USER", "APOP", "CAPA", "STLS", "UIDL"}) {
            BEHIND_OK.put(verb, Dialogue.POP3);
        }
    }

    private final Map<String, Dialogue> verbs;

    public FirstCommandParser() {
        this(BEHIND_220);
    }

    private FirstCommandParser(Map<String, Dialogue> verbs) {
        this.verbs = verbs;
    }

    /** For a client whose server has said no more than {@code +OK}. */
    public static FirstCommandParser behindOk() {
        return new FirstCommandParser(BEHIND_OK);
    }

    @Override
    public Parse<Dialogue> parse(ByteBuffer bytes) {
        int used = 0;
        while (true) {
            int from = bytes.position() + used;
            if (!Line.mayBegin(bytes, from, BOTH) && !Line.mayBegin(bytes, from, verbs.keySet())) {
                return Parse.notThis();
            }
            Parse<String> line = Line.read(bytes, from, LONGEST - used, TOO_LONG);
            if (line instanceof Parse.NeedMore<String> more) {
                return new Parse.NeedMore<>(more.total());
            }
            if (line instanceof Parse.Malformed<String> malformed) {
                return new Parse.Malformed<>(malformed.rule());
            }
            if (!(line instanceof Parse.Done<String> done)) {
                return Parse.notThis();
            }
            used += done.consumed();
            String verb = verb(done.value());
            Dialogue dialogue = verbs.get(verb);
            if (dialogue != null) {
                return new Parse.Done<>(dialogue, used);
            }
            if (!verb.isEmpty() && !BOTH.contains(verb)) {
                return Parse.notThis();
            }
        }
    }

    private static String verb(String line) {
        int space = line.indexOf(' ');
        return (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
    }
}
