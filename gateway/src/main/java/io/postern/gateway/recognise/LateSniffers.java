package io.postern.gateway.recognise;

import io.postern.analytics.flow.Protocol;
import io.postern.dns.message.DnsStreamReader;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.records.HttpFacts;
import io.postern.tls.watch.Side;
import io.postern.wire.Parse;
import io.postern.wire.Parser;
import io.postern.wire.datagram.StunStreamParser;
import io.postern.wire.dialogue.ClientLinesParser;
import io.postern.wire.dialogue.Dialogue;
import io.postern.wire.dialogue.ServerLinesParser;
import io.postern.wire.dialogue.SshIdentificationParser;
import io.postern.wire.http.HttpAnswerParser;
import io.postern.wire.http.HttpOpeningParser;
import io.postern.wire.http2.SettingsParser;
import io.postern.wire.protocol.BitTorrentParser;
import io.postern.wire.protocol.MqttConnackParser;
import io.postern.wire.protocol.MtalkParser;
import io.postern.wire.protocol.RdpOpeningParser;
import io.postern.wire.protocol.XmppStreamParser;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Everybody who can recognise a stream by a message in the middle of it, or by its server alone. Nobody waits for more: what
 * is cut here may be whole in the next read. Stateless.
 */
final class LateSniffers {

    /**
     * What is spoken.
     *
     * @param upright whether the side it was shown as can have said it
     */
    record Found(Recognised recognised, boolean upright) {}

    private record Sniffer<T>(Parser<T> parser, Function<T, Recognised> meaning) {
        Sniffer(Parser<T> parser, Protocol protocol) {
            this(parser, found -> Recognised.certain(protocol));
        }
    }

    /** For a head in the middle of a stream. */
    private static final int HEAD = 16 * 1024;

    private static final List<Sniffer<?>> CLIENTS = List.of(
            new Sniffer<>(
                    new HttpOpeningParser(HEAD),
                    opening -> Recognised.http(
                            HttpFacts.of(opening.host(), opening.method(), opening.websocketUpgrade()))),
            new Sniffer<>(new ClientLinesParser(), LateSniffers::meaning));

    private static final List<Sniffer<?>> SERVERS = List.of(
            new Sniffer<>(new HttpAnswerParser(), Protocol.HTTP),
            new Sniffer<>(new SettingsParser(), Protocol.HTTP2),
            new Sniffer<>(new MqttConnackParser(), Protocol.MQTT),
            new Sniffer<>(new ServerLinesParser(), LateSniffers::meaning));

    /** What either end says. */
    private static final List<Sniffer<?>> BOTH = List.of(
            new Sniffer<>(new DnsStreamReader(), Recognised::dns),
            new Sniffer<>(new XmppStreamParser(), Protocol.XMPP),
            new Sniffer<>(new SshIdentificationParser(), Protocol.SSH),
            new Sniffer<>(new StunStreamParser(), Protocol.STUN),
            new Sniffer<>(new BitTorrentParser(), Protocol.BITTORRENT),
            new Sniffer<>(new RdpOpeningParser(), Protocol.RDP),
            new Sniffer<>(new MtalkParser(), Protocol.MTALK));

    private LateSniffers() {}

    /** By the beginning of one read; moves no index. */
    static Optional<Found> ask(Side by, ByteBuffer bytes) {
        Optional<Found> own = ask(by == Side.CLIENT ? CLIENTS : SERVERS, bytes, true);
        // Who has begun a stream is a guess where its beginning was missed.
        return own.or(() -> ask(BOTH, bytes, true)).or(() -> ask(by == Side.CLIENT ? SERVERS : CLIENTS, bytes, false));
    }

    private static Optional<Found> ask(List<Sniffer<?>> sniffers, ByteBuffer bytes, boolean upright) {
        for (Sniffer<?> sniffer : sniffers) {
            if (sniffer.parser().parse(bytes) instanceof Parse.Done<?> done) {
                return Optional.of(new Found(meaning(sniffer, done), upright));
            }
        }
        return Optional.empty();
    }

    @SuppressWarnings("unchecked") // what a sniffer's parser found is what its meaning takes
    private static <T> Recognised meaning(Sniffer<T> sniffer, Parse.Done<?> done) {
        return sniffer.meaning().apply((T) done.value());
    }

    private static Recognised meaning(Dialogue dialogue) {
        return Recognised.certain(
                switch (dialogue) {
                    case SMTP -> Protocol.SMTP;
                    case IMAP -> Protocol.IMAP;
                    case POP3 -> Protocol.POP3;
                    case FTP -> Protocol.FTP;
                    case XMPP -> Protocol.XMPP;
                });
    }
}
