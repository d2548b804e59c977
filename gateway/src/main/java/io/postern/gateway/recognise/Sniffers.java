package io.postern.gateway.recognise;

import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.Protocol;
import io.postern.dns.message.DnsStreamReader;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.records.HttpFacts;
import io.postern.gateway.records.TlsFacts;
import io.postern.tls.fingerprint.Ja4;
import io.postern.tls.hello.ClientHelloParser;
import io.postern.tls.hello.Ssl2HelloParser;
import io.postern.tls.hello.TlsSettings;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import io.postern.wire.datagram.StunStreamParser;
import io.postern.wire.dialogue.Dialogue;
import io.postern.wire.dialogue.FirstCommandParser;
import io.postern.wire.dialogue.Greeting;
import io.postern.wire.dialogue.GreetingParser;
import io.postern.wire.dialogue.SshIdentificationParser;
import io.postern.wire.http.HttpOpeningParser;
import io.postern.wire.protocol.BitTorrentParser;
import io.postern.wire.protocol.Http2PrefaceParser;
import io.postern.wire.protocol.MqttConnectParser;
import io.postern.wire.protocol.MtalkParser;
import io.postern.wire.protocol.RdpOpeningParser;
import io.postern.wire.protocol.XmppStreamParser;
import io.postern.wire.socks.SocksExchange;
import io.postern.wire.socks.SocksOpeningParser;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Everybody who can recognise a flow by what its ends say first. Adding a protocol is one parser and one line.
 *
 * <p>Each is asked with all bytes so far. A certain yes wins at once; while anyone is unsure the smallest wish for
 * more is waited for; when all refuse, nobody knows it. The order decides only between two that are both certain.
 *
 * <p>The client is asked about first. What it opens with may need the server's greeting, and a greeting may need the
 * client's first command: the answer is the same whichever end was faster.
 */
public final class Sniffers {

    /** No more than this is read of what a server says. */
    public static final int MOST_GREETING = GreetingParser.LONGEST;

    /** What is known after asking: either an answer, or how much is needed before asking again. */
    public sealed interface Answer {
        record Certain(Recognised recognised) implements Answer {}

        /**
         * Of either end.
         *
         * @param fromClient bytes from its first one
         * @param fromServer bytes from its first one
         */
        record Unsure(int fromClient, int fromServer) implements Answer {}
    }

    private record Sniffer<T>(Parser<T> parser, Function<T, Answer> meaning) {}

    private static final List<String> DNS_OVER_TLS = List.of("dot");
    private static final int NOTHING = Integer.MAX_VALUE;
    private static final Answer NO_MATCH = unknown(Basis.NO_MATCH);
    private static final Answer SERVER_FIRST = unknown(Basis.SERVER_FIRST);
    private static final Answer MALFORMED = unknown(Basis.MALFORMED);
    private static final Answer LIMIT = unknown(Basis.LIMIT);
    private static final Answer THE_GREETING_TELLS = new Answer.Unsure(NOTHING, 1);
    private static final Answer THE_CLIENT_TELLS = new Answer.Unsure(1, NOTHING);
    private static final Answer A_MAIL_CLIENT_TELLS = new Answer.Unsure(1, NOTHING);

    /** Rules that are ours, not the protocol's: what breaks them may be sound. */
    private static final Set<String> LIMITS = Set.of(
            ClientHelloParser.TOO_LONG,
            ClientHelloParser.TOO_MANY_RECORDS,
            GreetingParser.TOO_LONG,
            FirstCommandParser.TOO_LONG);

    private static final Sniffer<?> SSH = new Sniffer<>(new SshIdentificationParser(), always(Protocol.SSH));
    private static final List<Sniffer<?>> GREETINGS =
            List.of(SSH, new Sniffer<>(new GreetingParser(), Sniffers::meaning));
    private static final List<Sniffer<?>> MAIL_COMMANDS =
            List.of(new Sniffer<>(FirstCommandParser.behindOk(), always(Protocol.POP3)));
    private static final List<Sniffer<?>> COMMANDS = List.of(new Sniffer<>(
            new FirstCommandParser(), dialogue -> certain(dialogue == Dialogue.SMTP ? Protocol.SMTP : Protocol.FTP)));

    private final int maxHelloBytes;
    private final int maxBytes;
    private final List<Sniffer<?>> openings;

    /**
     * @param maxHelloBytes room for a ClientHello, in bytes with its record headers
     * @param maxBytes room for any other first message, and for what a server says until its client has answered
     */
    public Sniffers(int maxHelloBytes, int maxBytes) {
        this.maxHelloBytes = maxHelloBytes;
        this.maxBytes = maxBytes;
        openings = List.of(
                new Sniffer<>(
                        new ClientHelloParser(new TlsSettings(maxHelloBytes, TlsSettings.DEFAULTS.maxRecords())),
                        hello -> new Answer.Certain(meaning(HelloFacts.of(hello, Ja4.Transport.TCP)))),
                new Sniffer<>(
                        new HttpOpeningParser(maxBytes),
                        opening -> new Answer.Certain(Recognised.http(
                                HttpFacts.of(opening.host(), opening.method(), opening.websocketUpgrade())))),
                new Sniffer<>(new Http2PrefaceParser(), always(Protocol.HTTP2)),
                new Sniffer<>(new DnsStreamReader(), message -> new Answer.Certain(Recognised.dns(message))),
                SSH,
                new Sniffer<>(new XmppStreamParser(), always(Protocol.XMPP)),
                new Sniffer<>(new MqttConnectParser(), always(Protocol.MQTT)),
                new Sniffer<>(new StunStreamParser(), always(Protocol.STUN)),
                new Sniffer<>(new BitTorrentParser(), always(Protocol.BITTORRENT)),
                new Sniffer<>(new RdpOpeningParser(), always(Protocol.RDP)),
                new Sniffer<>(new MtalkParser(), always(Protocol.MTALK)),
                new Sniffer<>(new SocksOpeningParser(), always(Protocol.SOCKS)),
                new Sniffer<>(new Ssl2HelloParser(), hello -> new Answer.Certain(Recognised.tls(HelloFacts.of(hello)))),
                // Some clients do not wait for their greeting.
                new Sniffer<>(
                        new FirstCommandParser(),
                        dialogue -> dialogue == Dialogue.SMTP ? certain(Protocol.SMTP) : THE_GREETING_TELLS));
    }

    /** Bytes of a client that nobody has recognised, after which nobody will. */
    public int mostFromClient() {
        return Math.max(maxHelloBytes, maxBytes);
    }

    /** Bytes of a server after which its client is not waited for any more. */
    public int mostFromServer() {
        return maxBytes;
    }

    /** By all bytes so far of both ends; either may have said nothing. */
    public Answer ask(ByteBuffer fromClient, ByteBuffer fromServer) {
        Answer opening = ask(openings, fromClient, NO_MATCH);
        if (known(opening) || (opening instanceof Answer.Certain && !fromServer.hasRemaining())) {
            return opening;
        }
        int more = opening instanceof Answer.Unsure unsure ? unsure.fromClient() : NOTHING;
        if (!fromServer.hasRemaining()) {
            return new Answer.Unsure(more, 1);
        }
        if (fromClient.hasRemaining()
                && SocksExchange.of(fromClient, fromServer).isPresent()) {
            return certain(Protocol.SOCKS);
        }
        Answer greeting = ask(GREETINGS, fromServer, SERVER_FIRST);
        if (greeting == THE_CLIENT_TELLS || greeting == A_MAIL_CLIENT_TELLS) {
            Answer command = ask(greeting == THE_CLIENT_TELLS ? COMMANDS : MAIL_COMMANDS, fromClient, SERVER_FIRST);
            return command instanceof Answer.Unsure unsure ? new Answer.Unsure(unsure.fromClient(), NOTHING) : command;
        }
        return greeting instanceof Answer.Unsure unsure ? new Answer.Unsure(more, unsure.fromServer()) : greeting;
    }

    private static boolean known(Answer answer) {
        return answer instanceof Answer.Certain certain && certain.recognised().protocol() != Protocol.UNKNOWN;
    }

    /** The one place where a parse is taken apart. Unsure for want of bytes, whosever they are. */
    private static Answer ask(List<Sniffer<?>> sniffers, ByteBuffer bytes, Answer nobody) {
        int total = NOTHING;
        Answer refused = nobody;
        for (Sniffer<?> sniffer : sniffers) {
            Parse<?> parse = sniffer.parser().parse(bytes);
            if (parse instanceof Parse.Done<?> done) {
                return meaning(sniffer, done);
            }
            if (parse instanceof Parse.NeedMore<?> more) {
                total = Math.min(total, more.total());
            } else if (parse instanceof Parse.Malformed<?> malformed) {
                refused = LIMITS.contains(malformed.rule()) ? LIMIT : MALFORMED;
            }
        }
        return total == NOTHING ? refused : new Answer.Unsure(total, total);
    }

    @SuppressWarnings("unchecked") // what a sniffer's parser found is what its meaning takes
    private static <T> Answer meaning(Sniffer<T> sniffer, Parse.Done<?> done) {
        return sniffer.meaning().apply((T) done.value());
    }

    /** DNS over TLS says so, RFC 7858 and IANA's registry of ALPN. */
    private static Recognised meaning(TlsFacts.Hello hello) {
        Recognised tls = Recognised.tls(hello);
        return hello.alpn().equals(DNS_OVER_TLS) ? tls.carryingDns("tls") : tls;
    }

    private static Answer meaning(Greeting greeting) {
        return switch (greeting) {
            case SMTP -> certain(Protocol.SMTP);
            case IMAP -> certain(Protocol.IMAP);
            case POP3 -> certain(Protocol.POP3);
            case SMTP_OR_FTP -> THE_CLIENT_TELLS;
            case BARE_OK -> A_MAIL_CLIENT_TELLS;
        };
    }

    /** Made once: nobody but the protocol is told. */
    private static <T> Function<T, Answer> always(Protocol protocol) {
        Answer answer = certain(protocol);
        return found -> answer;
    }

    private static Answer certain(Protocol protocol) {
        return new Answer.Certain(Recognised.certain(protocol));
    }

    private static Answer unknown(Basis basis) {
        return new Answer.Certain(Recognised.unknown(basis));
    }
}
