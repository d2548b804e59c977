package io.postern.wire.dialogue;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Recognises a dialogue by its server alone, at its greeting or where a capture begins inside it: by the first line that
 * only one of them says.
 *
 * <pre>
 * SMTP  a greeting that says ESMTP, SMTP or LMTP behind its first word; else 250 as the first reply behind it;
 *       250 with a keyword of EHLO or an enhanced code (RFC 2034), 354
 * FTP   a greeting that speaks of FTP; else 331, 230, 234, 215, 211 behind it; 331 with "password", 227, 229
 * IMAP  * OK, * PREAUTH, * BYE, * CAPABILITY IMAP4, * number EXISTS, RECENT, FETCH; tag OK … completed
 * POP3  +OK with text: Redis and NATS say it without
 * </pre>
 *
 * <p>{@value #LONGEST} bytes at most. Never answers {@link Parse.Malformed}. The sources are those of
 * {@link GreetingParser} and {@link ClientLinesParser}; where a greeting is open {@link FirstCommandParser} is sooner.
 */
public final class ServerLinesParser implements Parser<Dialogue> {

    /** Bytes within which such a line must come. */
    public static final int LONGEST = 4096;

    private static final Set<String> EHLO = Set.of(
            "PIPELINING",
            "8BITMIME",
            "SIZE",
            "STARTTLS",
            "DSN",
            "ENHANCEDSTATUSCODES",
            "CHUNKING",
            "SMTPUTF8",
            "ETRN",
            "BINARYMIME",
            "XCLIENT");
    private static final String NO_RULE = "";

    @Override
    public Parse<Dialogue> parse(ByteBuffer bytes) {
        int used = 0;
        Told before = Told.NOTHING;
        while (used < LONGEST) {
            int at = bytes.position() + used;
            if (at < bytes.limit() && !mayStart(bytes.get(at), used == 0)) {
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
            Told told = told(line.value().toUpperCase(Locale.ROOT), before);
            Dialogue dialogue = told.dialogue();
            if (dialogue != null) {
                return new Parse.Done<>(dialogue, used);
            }
            if (told == Told.OTHER) {
                return Parse.notThis();
            }
            before = told;
        }
        return Parse.notThis();
    }

    /** Some servers begin the lines of a long greeting with its text. */
    private static boolean mayStart(int octet, boolean first) {
        return (octet >= '1' && octet <= '5') || octet == '*' || octet == '+' || !first || letter(octet);
    }

    private static boolean letter(int octet) {
        return (octet >= 'A' && octet <= 'Z') || (octet >= 'a' && octet <= 'z');
    }

    private static Told told(String line, Told before) {
        if (line.startsWith("+OK")) {
            return line.length() > 4 && line.charAt(3) == ' ' ? Told.POP3 : Told.OTHER;
        }
        if (line.startsWith("* ")) {
            return untagged(line.substring(2));
        }
        int code = code(line);
        if (code < 0) {
            return before == Told.GREETED ? Told.GREETED : tagged(line);
        }
        String text = line.substring(4);
        if (code == 220) {
            return greeting(text);
        }
        Told certain = reply(code, text);
        if (certain != Told.NOTHING || before != Told.GREETED) {
            return certain == Told.NOTHING && code < 500 && code != 250 ? Told.OTHER : certain;
        }
        return behindGreeting(code);
    }

    private static Told behindGreeting(int code) {
        return switch (code) {
            case 250 -> Told.SMTP;
            case 331, 230, 234, 215, 211, 332 -> Told.FTP;
            default -> code >= 500 || code == 200 || code == 214 ? Told.GREETED : Told.OTHER;
        };
    }

    private static Told greeting(String text) {
        List<String> words = List.of(text.split("[ ()\\[\\]<>,;:-]+", -1));
        boolean ftp = words.stream().anyMatch(ServerLinesParser::namesFtp);
        boolean smtp = words.stream().skip(1).anyMatch(Set.of("ESMTP", "SMTP", "LMTP", "ESMTPS")::contains);
        if (smtp != ftp) {
            return smtp ? Told.SMTP : Told.FTP;
        }
        return text.startsWith("2.0.0 ") ? Told.SMTP : Told.GREETED;
    }

    /** A word of its own or a server's name, but no host's. */
    private static boolean namesFtp(String word) {
        return word.indexOf('.') < 0 && word.indexOf('@') < 0 && (word.endsWith("FTP") || word.endsWith("FTPD"));
    }

    /** By one line, wherever it stands. */
    private static Told reply(int code, String text) {
        int end = text.indexOf(' ');
        String word = end < 0 ? text : text.substring(0, end);
        return switch (code) {
            case 250 -> when(EHLO.contains(word) || enhanced(word, '2'), Told.SMTP);
            case 354 -> when(text.contains("MAIL") || text.contains("DATA") || text.contains("CRLF"), Told.SMTP);
            case 331 -> when(text.contains("PASSWORD"), Told.FTP);
            case 227 -> when(text.contains("PASSIVE MODE (") || text.startsWith("ENTERING PASSIVE MODE"), Told.FTP);
            case 229 -> when(text.contains("(|||"), Told.FTP);
            default -> when(code >= 500 && enhanced(word, '5'), Told.SMTP);
        };
    }

    /** RFC 2034 section 4, as in {@code 2.1.0}. */
    private static boolean enhanced(String word, char first) {
        return word.length() >= 5 && word.charAt(0) == first && word.charAt(1) == '.' && word.indexOf('.', 2) > 2;
    }

    private static Told untagged(String text) {
        if (text.startsWith("OK") || text.startsWith("PREAUTH ") || text.startsWith("BYE ")) {
            return Told.IMAP;
        }
        int space = text.indexOf(' ');
        boolean number = space > 0 && text.substring(0, space).chars().allMatch(digit -> digit >= '0' && digit <= '9');
        String rest = number ? text.substring(space + 1) : "";
        boolean certain = text.startsWith("CAPABILITY IMAP4")
                || text.startsWith("FLAGS (")
                || text.startsWith("LIST (")
                || rest.equals("EXISTS")
                || rest.equals("RECENT")
                || rest.startsWith("FETCH (");
        return certain ? Told.IMAP : Told.OTHER;
    }

    /** {@code a001 OK FETCH completed}. */
    private static Told tagged(String line) {
        int space = line.indexOf(' ');
        boolean digit = space > 0 && line.substring(0, space).chars().anyMatch(tag -> tag >= '0' && tag <= '9');
        return digit && line.startsWith("OK ", space + 1) && line.contains("COMPLETED") ? Told.IMAP : Told.OTHER;
    }

    /** -1 when the line begins with none, and a space or hyphen behind it. */
    private static int code(String line) {
        if (line.length() < 4 || (line.charAt(3) != ' ' && line.charAt(3) != '-')) {
            return -1;
        }
        int code = 0;
        for (int i = 0; i < 3; i++) {
            int digit = line.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            code = code * 10 + digit;
        }
        return code;
    }

    private static Told when(boolean certain, Told told) {
        return certain ? told : Told.NOTHING;
    }
}
