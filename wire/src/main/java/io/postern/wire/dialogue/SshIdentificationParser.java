package io.postern.wire.dialogue;

import io.postern.wire.Parse;
import io.postern.wire.Parser;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Recognises either end of SSH by its first line, RFC 4253 section 4.2 (1.99: section 5.1). A server that says other
 * lines before is recognised by its client.
 *
 * <pre>
 * SSH-2.0-softwareversion [SP comments] CR LF       at most 255 bytes
 * </pre>
 */
public final class SshIdentificationParser implements Parser<SshIdentification> {

    private static final List<String> STARTS = List.of("SSH-2.0-", "SSH-1.99-");
    private static final int LONGEST = 255;
    private static final String TOO_LONG = "identification longer than 255 bytes, RFC 4253 section 4.2";
    private static final String NO_TEXT = "identification is no line of text, RFC 4253 section 4.2";

    @Override
    public Parse<SshIdentification> parse(ByteBuffer bytes) {
        if (!Line.mayBegin(bytes, bytes.position(), STARTS)) {
            return Parse.notThis();
        }
        Parse<String> line = Line.read(bytes, bytes.position(), LONGEST, TOO_LONG);
        if (line instanceof Parse.NeedMore<String> more) {
            return new Parse.NeedMore<>(more.total());
        }
        if (line instanceof Parse.Malformed<String> malformed) {
            return new Parse.Malformed<>(malformed.rule());
        }
        if (!(line instanceof Parse.Done<String> done)
                || done.value().length() < STARTS.get(0).length() + 1) {
            return new Parse.Malformed<>(NO_TEXT);
        }
        String text = done.value();
        int software = text.indexOf('-', 4) + 1;
        int space = text.indexOf(' ', software);
        return new Parse.Done<>(
                new SshIdentification(
                        text.substring(4, software - 1), text.substring(software, space < 0 ? text.length() : space)),
                done.consumed());
    }
}
