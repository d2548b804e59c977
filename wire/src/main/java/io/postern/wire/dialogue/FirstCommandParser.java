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
 * <p>FTP is certain only behind a greeting with code 220: POP3 has some of its commands too.
 */
public final class FirstCommandParser implements Parser<Dialogue> {

    /** Bytes within which such a command must come. */
    public static final int LONGEST = 2048;

    /** Our limit, no rule of theirs. */
    public static final String TOO_LONG = "no telling command in " + LONGEST + " bytes";

    /** Empty lines too: servers read over them. */
    private static final Set<String> BOTH = Set.of("NOOP", "HELP", "QUIT", "RSET", "STAT", "\r\n", "\n");

    private static final Map<String, Dialogue> VERBS = new TreeMap<>();

    static {
        for (String verb : new String[] {"EHLO", "HELO", "MAIL"}) {
            VERBS.put(verb, Dialogue.SMTP);
        }
        for (String verb :
                new String[] {"USER", "AUTH", "FEAT", "SYST", "OPTS", "HOST", "CLNT", "PASS", "ACCT", "PBSZ", "LANG"}) {
            VERBS.put(verb, Dialogue.FTP);
        }
    }

    @Override
    public Parse<Dialogue> parse(ByteBuffer bytes) {
        int used = 0;
        while (true) {
            int from = bytes.position() + used;
            if (!Line.mayBegin(bytes, from, BOTH) && !Line.mayBegin(bytes, from, VERBS.keySet())) {
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
            Dialogue dialogue = VERBS.get(verb);
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
