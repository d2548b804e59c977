package io.postern.gateway.sniff;

import io.postern.analytics.flow.Basis;
import io.postern.gateway.flows.Recognised;
import io.postern.tls.hello.ClientHelloParser;
import io.postern.tls.hello.TlsSettings;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import io.postern.wire.http.HttpOpeningParser;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Everybody who can recognise a flow by what its client says first. Adding a protocol is one parser and one line.
 *
 * <p>Each is asked with all bytes so far. A certain yes wins at once; while anyone is unsure the smallest wish for
 * more is waited for; when all refuse, nobody knows it. The order decides only between two that are both certain.
 */
public final class Sniffers {

    /** What is known after asking: either an answer, or how many bytes are needed before asking again. */
    public sealed interface Answer {
        record Certain(Recognised recognised) implements Answer {}

        record Unsure(int total) implements Answer {}
    }

    private record Sniffer<T>(Parser<T> parser, Function<T, Recognised> meaning) {

        /** The one place where a parse is taken apart. */
        Answer ask(ByteBuffer bytes) {
            Parse<T> parse = parser.parse(bytes);
            if (parse instanceof Parse.Done<T> done) {
                return new Answer.Certain(meaning.apply(done.value()));
            }
            if (parse instanceof Parse.NeedMore<T> more) {
                return new Answer.Unsure(more.total());
            }
            if (parse instanceof Parse.Malformed<T> malformed) {
                return LIMITS.contains(malformed.rule()) ? LIMIT : MALFORMED;
            }
            return NO_MATCH;
        }
    }

    private static final Answer.Certain NO_MATCH = new Answer.Certain(Recognised.unknown(Basis.NO_MATCH));
    private static final Answer.Certain MALFORMED = new Answer.Certain(Recognised.unknown(Basis.MALFORMED));

    private static final Answer.Certain LIMIT = new Answer.Certain(Recognised.unknown(Basis.LIMIT));
    /** Rules that are ours, not the protocol's: what breaks them may be sound. */
    private static final Set<String> LIMITS = Set.of(ClientHelloParser.TOO_LONG, ClientHelloParser.TOO_MANY_RECORDS);

    private final List<Sniffer<?>> sniffers;

    /**
     * @param maxHelloBytes room for a ClientHello, in bytes with its record headers
     * @param maxBytes room for any other first message
     */
    public Sniffers(int maxHelloBytes, int maxBytes) {
        sniffers = List.of(
                new Sniffer<>(
                        new ClientHelloParser(new TlsSettings(maxHelloBytes, TlsSettings.DEFAULTS.maxRecords())),
                        Recognised::tls),
                new Sniffer<>(new HttpOpeningParser(maxBytes), Recognised::http));
    }

    public Answer ask(ByteBuffer bytes) {
        int total = Integer.MAX_VALUE;
        Answer.Certain refused = NO_MATCH;
        for (Sniffer<?> sniffer : sniffers) {
            Answer answer = sniffer.ask(bytes);
            if (answer instanceof Answer.Unsure unsure) {
                total = Math.min(total, unsure.total());
            } else if (answer == MALFORMED || answer == LIMIT) {
                refused = (Answer.Certain) answer;
            } else if (answer != NO_MATCH) {
                return answer;
            }
        }
        return total == Integer.MAX_VALUE ? refused : new Answer.Unsure(total);
    }
}
