package io.postern.wire.dialogue;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Recognises a server by its greeting.
 *
 * <pre>
 * 220 SP|- domain [SP text]        SMTP, RFC 5321 section 4.2; FTP, RFC 959 section 4.2
 * * SP OK|PREAUTH|BYE SP text      IMAP, RFC 9051 section 7.1
 * +OK [SP text]                    POP3, RFC 1939 section 4; Redis and NATS without a text
 * </pre>
 *
 * <p>SMTP is certain only where the text behind the domain says so, as a word of its own, and does not speak of FTP.
 * Only the first line of a longer greeting is read: the domain and what follows it are there.
 */
public final class GreetingParser implements Parser<Greeting> {

    /**
     * The longest first line, in bytes. RFC 5321 section 4.5.3.1.5 allows 512; an IMAP server may list its capabilities
     * in the greeting, and none is known to need half of this.
     */
    public static final int LONGEST = 2048;

    /** Our limit, no rule of theirs. */
    public static final String TOO_LONG = "greeting longer than " + LONGEST + " bytes";

    private static final List<String> STARTS =
            List.of("220 ", "220-", "* OK ", "* PREAUTH ", "* BYE ", "+OK ", "+OK\r", "+OK\n");

    @Override
    public Parse<Greeting> parse(ByteBuffer bytes) {
        if (!Line.mayBegin(bytes, bytes.position(), STARTS)) {
            return Parse.notThis();
        }
        Parse<String> line = Line.read(bytes, bytes.position(), LONGEST, TOO_LONG);
        if (line instanceof Parse.Done<String> done) {
            return new Parse.Done<>(meaning(done.value()), done.consumed());
        }
        if (line instanceof Parse.NeedMore<String> more) {
            return new Parse.NeedMore<>(more.total());
        }
        return line instanceof Parse.Malformed<String> malformed
                ? new Parse.Malformed<>(malformed.rule())
                : Parse.notThis();
    }

    private static Greeting meaning(String line) {
        return switch (line.charAt(0)) {
            case '*' -> Greeting.IMAP;
            case '+' -> line.strip().length() > 3 ? Greeting.POP3 : Greeting.BARE_OK;
            default -> saysSmtp(line) ? Greeting.SMTP : Greeting.SMTP_OR_FTP;
        };
    }

    /** Not in the domain: {@code smtp.acme.example} may well serve files. */
    private static boolean saysSmtp(String line) {
        List<String> words =
                Arrays.asList(line.substring(4).toUpperCase(Locale.ROOT).split(" +", -1));
        List<String> text = words.subList(1, words.size());
        return (text.contains("ESMTP") || text.contains("SMTP"))
                && text.stream().noneMatch(word -> word.contains("FTP"));
    }
}
