package io.postern.wire.dialogue;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;

/**
 * Recognises a dialogue by its client alone, at its beginning or where a capture begins inside it: by the first line
 * that only one of them has.
 *
 * <pre>
 * SMTP   EHLO, HELO, LHLO name; MAIL FROM:&lt;; RCPT TO:&lt;              RFC 5321 section 4.1.1, RFC 2033
 * IMAP   tag with a digit, one letter or a dot | one of its commands   RFC 9051 section 6
 * POP3   CAPA, STLS, UIDL; behind a PASS: STAT, LIST                   RFC 1939, RFC 2449, RFC 2595
 * FTP    SYST, FEAT, PWD, PASV, EPSV; TYPE A or I; PORT, EPRT with an address; AUTH TLS or SSL; PBSZ, PROT
 *                                                                      RFC 959, RFC 2389, RFC 2428, RFC 4217
 * </pre>
 *
 * <p>USER, PASS and what all have is read over, {@value #LONGEST} bytes at most. Never answers
 * {@link Parse.Malformed}. Behind a server's greeting {@link FirstCommandParser} is sooner.
 */
public final class ClientLinesParser implements Parser<Dialogue> {

    /** Bytes within which such a line must come. */
    public static final int LONGEST = 2048;

    private static final Set<String> IMAP = Set.of(
            "CAPABILITY",
            "NOOP",
            "LOGIN",
            "AUTHENTICATE",
            "STARTTLS",
            "ID",
            "SELECT",
            "EXAMINE",
            "LIST",
            "XLIST",
            "LSUB",
            "NAMESPACE",
            "IDLE",
            "UID",
            "FETCH",
            "STATUS",
            "ENABLE",
            "COMPRESS",
            "CHECK",
            "LOGOUT");
    private static final Set<String> ALL = Set.of("NOOP", "HELP", "QUIT", "RSET", "ACCT", "USER", "PASS", "AUTH");
    private static final int LONGEST_TAG = 32;
    private static final String NO_RULE = "";

    @Override
    public Parse<Dialogue> parse(ByteBuffer bytes) {
        int used = 0;
        boolean password = false;
        while (used < LONGEST) {
            int at = bytes.position() + used;
            if (at < bytes.limit() && !mayStart(bytes.get(at))) {
                return Parse.notThis();
            }
            Parse<String> read = Line.read(bytes, at, LONGEST - used, NO_RULE);
            if (read instanceof Parse.NeedMore<String> more) {
                return new Parse.NeedMore<>(more.total());
            }
            if (!(read instanceof Parse.Done<String> line)) {
                return Parse.notThis();
            }
            used += line.consumed();
            String text = line.value().toUpperCase(Locale.ROOT);
            Told told = told(text, password);
            Dialogue dialogue = told.dialogue();
            if (dialogue != null) {
                return new Parse.Done<>(dialogue, used);
            }
            if (told == Told.OTHER) {
                return Parse.notThis();
            }
            password |= text.startsWith("PASS ");
        }
        return Parse.notThis();
    }

    private static boolean mayStart(int octet) {
        return (octet >= 'A' && octet <= 'Z')
                || (octet >= 'a' && octet <= 'z')
                || (octet >= '0' && octet <= '9')
                || octet == '.';
    }

    private static Told told(String line, boolean behindPassword) {
        int space = line.indexOf(' ');
        String verb = space < 0 ? line : line.substring(0, space);
        String rest = space < 0 ? "" : line.substring(space + 1);
        return switch (verb) {
            case "EHLO", "HELO", "LHLO" -> when(rest.indexOf(' ') < 0, Told.SMTP);
            case "MAIL" -> when(rest.startsWith("FROM:<") || rest.startsWith("FROM: <"), Told.SMTP);
            case "RCPT" -> when(rest.startsWith("TO:<") || rest.startsWith("TO: <"), Told.SMTP);
            case "CAPA", "STLS", "UIDL" -> when(rest.isEmpty(), Told.POP3);
            case "STAT", "LIST" -> when(behindPassword && rest.isEmpty(), Told.POP3);
            case "SYST", "FEAT", "PWD", "XPWD", "PASV", "EPSV" -> when(rest.isEmpty(), Told.FTP);
            case "TYPE" -> when(rest.equals("I") || rest.equals("A") || rest.equals("A N"), Told.FTP);
            case "PORT" -> when(rest.chars().filter(letter -> letter == ',').count() == 5, Told.FTP);
            case "EPRT" -> when(rest.startsWith("|"), Told.FTP);
            case "PBSZ" -> when(rest.equals("0"), Told.FTP);
            case "PROT" -> when(rest.equals("P") || rest.equals("C"), Told.FTP);
            default -> other(verb, rest);
        };
    }

    private static Told other(String verb, String rest) {
        if (verb.equals("AUTH") && (rest.startsWith("TLS") || rest.startsWith("SSL"))) {
            return Told.FTP;
        }
        // IRC's USER says more than a name, RFC 2812 section 3.1.3.
        if (ALL.contains(verb)) {
            return rest.indexOf(" :") < 0 ? Told.NOTHING : Told.OTHER;
        }
        int space = rest.indexOf(' ');
        return when(tag(verb) && IMAP.contains(space < 0 ? rest : rest.substring(0, space)), Told.IMAP);
    }

    /** As clients make them: IMAP allows more, and any word of another protocol would be one. */
    private static boolean tag(String word) {
        boolean digit = false;
        for (int i = 0; i < word.length(); i++) {
            char letter = word.charAt(i);
            boolean number = letter >= '0' && letter <= '9';
            digit |= number;
            if (!number && (letter < 'A' || letter > 'Z') && letter != '.' && letter != '-' && letter != '_') {
                return false;
            }
        }
        return word.length() == 1 || (digit && word.length() <= LONGEST_TAG);
    }

    private static Told when(boolean certain, Told told) {
        return certain ? told : Told.OTHER;
    }
}
