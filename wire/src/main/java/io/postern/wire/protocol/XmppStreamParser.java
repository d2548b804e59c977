package io.postern.wire.protocol;

import io.postern.wire.ByteCursor;
import io.postern.wire.Magic;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Recognises either end of XMPP by its stream header, RFC 6120 section 4.7, or by a stanza or a negotiation's element
 * where a capture begins behind it.
 *
 * <pre>
 * [&lt;?xml … ?&gt;] &lt;stream:stream … xmlns:stream='http://etherx.jabber.org/streams' … &gt;
 * &lt;iq … type='get|set|result|error' … &gt;, &lt;presence&gt;, &lt;message … to= or from= … type= … &gt;
 * &lt;starttls, proceed, auth, success, challenge, features … with a namespace of RFC 6120 …&gt;
 * </pre>
 *
 * <p>Only tags are read, {@value #LONGEST} bytes at most. Never answers {@link Parse.Malformed}.
 */
public final class XmppStreamParser implements Parser<XmppStream> {

    private static final int LONGEST = 2048;
    private static final int LONGEST_TO = 255;
    private static final String STREAMS = "http://etherx.jabber.org/streams";
    private static final String RFC_6120 = "urn:ietf:params:xml:ns:xmpp-";
    private static final Magic DECLARATION = Magic.of("<?xml ");

    @Override
    public Parse<XmppStream> parse(ByteBuffer bytes) {
        int start = bytes.position();
        if (start < bytes.limit() && !mayStart(bytes.get(start))) {
            return Parse.notThis();
        }
        int from = skipBlank(bytes, start);
        if (DECLARATION.stands(bytes, from)) {
            int end = tagEnd(bytes, from);
            if (end < 0) {
                return unsure(bytes);
            }
            from = skipBlank(bytes, end);
        }
        return from >= bytes.limit() ? unsure(bytes) : element(bytes, from);
    }

    private static boolean mayStart(int octet) {
        return octet == '<' || blank(octet);
    }

    private static boolean blank(int octet) {
        return octet == ' ' || octet == '\n' || octet == '\r' || octet == '\t';
    }

    private static int skipBlank(ByteBuffer bytes, int from) {
        int at = from;
        while (at < bytes.limit() && blank(bytes.get(at))) {
            at++;
        }
        return at;
    }

    private static Parse<XmppStream> element(ByteBuffer bytes, int from) {
        int octet = from + 1 < bytes.limit() ? bytes.get(from + 1) : 'a';
        boolean name = bytes.get(from) == '<' && ((octet >= 'a' && octet <= 'z') || octet == '?');
        if (!name) {
            return Parse.notThis();
        }
        int end = tagEnd(bytes, from);
        if (end < 0) {
            return unsure(bytes);
        }
        if (end - bytes.position() > LONGEST) {
            return Parse.notThis();
        }
        String tag = ByteCursor.latin1(bytes, from, end);
        return tag.contains(STREAMS) || stanza(tag) || negotiates(tag)
                ? new Parse.Done<>(new XmppStream(content(tag), attribute(tag, " to=")), end - bytes.position())
                : Parse.notThis();
    }

    /** Behind the tag's last bracket; -1 when it is not there. Brackets in quotes are text. */
    private static int tagEnd(ByteBuffer bytes, int from) {
        int quote = 0;
        for (int i = from; i < bytes.limit(); i++) {
            int octet = bytes.get(i);
            if (quote != 0) {
                quote = octet == quote ? 0 : quote;
            } else if (octet == '\'' || octet == '"') {
                quote = octet;
            } else if (octet == '>') {
                return i + 1;
            }
        }
        return -1;
    }

    private static Parse<XmppStream> unsure(ByteBuffer bytes) {
        int shown = bytes.remaining();
        return shown < LONGEST ? new Parse.NeedMore<>(shown + 1) : Parse.notThis();
    }

    private static boolean stanza(String tag) {
        String type = attribute(tag, " type=").orElse("");
        if (tag.startsWith("<iq ")) {
            return attribute(tag, " id=").isPresent()
                    && (type.equals("get") || type.equals("set") || type.equals("result") || type.equals("error"));
        }
        boolean addressed =
                attribute(tag, " to=").isPresent() || attribute(tag, " from=").isPresent();
        if (tag.startsWith("<message ")) {
            return addressed
                    && (type.equals("chat")
                            || type.equals("groupchat")
                            || type.equals("headline")
                            || type.equals("normal")
                            || type.equals("error"));
        }
        return tag.startsWith("<presence ") && addressed;
    }

    private static boolean negotiates(String tag) {
        return tag.contains(RFC_6120) || tag.equals("<stream:features>");
    }

    private static Optional<String> content(String tag) {
        return attribute(tag, " xmlns=").filter(name -> name.equals("jabber:client") || name.equals("jabber:server"));
    }

    /** @param start a space, the name and the equals sign */
    private static Optional<String> attribute(String tag, String start) {
        int at = tag.indexOf(start);
        int quote = at + start.length();
        if (at < 0 || quote >= tag.length()) {
            return Optional.empty();
        }
        int end = tag.indexOf(tag.charAt(quote), quote + 1);
        return end < 0
                ? Optional.empty()
                : Optional.of(tag.substring(quote + 1, Math.min(end, quote + 1 + LONGEST_TO)));
    }
}
