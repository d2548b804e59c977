package io.postern.gateway.radius;

import io.postern.analytics.flow.AppTag;
import io.postern.config.GatewaySettings;
import io.postern.config.SecretFile;
import io.postern.gateway.identity.AssignedAddresses;
import io.postern.gateway.identity.OwnerWords;
import io.postern.wire.Parse;
import io.postern.wire.ip.Prefix;
import io.postern.wire.ip.PrefixTable;
import io.postern.wire.radius.RadiusAttribute;
import io.postern.wire.radius.RadiusPacket;
import io.postern.wire.radius.RadiusParser;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The accounting server, RFC 2866, without its socket: who may ask, is it genuine, is it fresh, and what does it say? What
 * is not genuine is not answered. For one thread.
 */
final class RadiusAccounting {

    /** Ours: a client may hold back what it could not send for so long. */
    private static final Duration MOST_DELAYED = Duration.ofHours(1);

    private final GatewaySettings.Radius settings;
    private final Map<String, RadiusClient> named = new HashMap<>();
    private final PrefixTable<RadiusClient> clients;
    private final AccountingReader reader;
    private final RadiusSessions sessions;
    private final Clock clock;
    private final Consumer<RadiusResult> results;
    private final RadiusParser parser = new RadiusParser();

    /**
     * @param results told what became of each packet and of each session that was silent too long
     * @throws IOException when a secret cannot be read
     */
    RadiusAccounting(
            GatewaySettings.Radius settings, AssignedAddresses addresses, Clock clock, Consumer<RadiusResult> results)
            throws IOException {
        this.settings = settings;
        this.clients = clients();
        this.reader = new AccountingReader(settings.device());
        this.sessions = new RadiusSessions(
                addresses, settings.sessions(), settings.sessionTimeout().toMillis());
        this.clock = clock;
        this.results = results;
    }

    private PrefixTable<RadiusClient> clients() throws IOException {
        Map<Prefix, RadiusClient> clients = new HashMap<>();
        for (GatewaySettings.RadiusClient client : settings.clients()) {
            RadiusClient made = new RadiusClient(
                    client.name(),
                    new RadiusSecret(SecretFile.read(client.secretFile())),
                    client.networks().stream().map(Prefix::parse).toList());
            named.put(client.name(), made);
            client.sources().forEach(source -> clients.put(Prefix.parse(source), made));
        }
        return PrefixTable.of(clients);
    }

    /** @return the answer; empty when there is none */
    Optional<byte[]> heard(InetAddress from, byte[] datagram) {
        Optional<RadiusClient> client = clients.find(from);
        if (client.isEmpty()) {
            return dropped(RadiusResult.UNKNOWN_CLIENT);
        }
        if (!(parser.parse(ByteBuffer.wrap(datagram)) instanceof Parse.Done<RadiusPacket> done)) {
            return dropped(RadiusResult.MALFORMED);
        }
        RadiusPacket packet = done.value();
        RadiusSecret secret = client.get().secret();
        Optional<Boolean> marked = secret.marked(datagram, packet);
        boolean status = packet.code() == RadiusPacket.STATUS_SERVER;
        if (!status && packet.code() != RadiusPacket.ACCOUNTING_REQUEST) {
            return dropped(RadiusResult.UNSUPPORTED);
        }
        if (marked.isEmpty() && (status || settings.requireMessageAuthenticator())) {
            return dropped(RadiusResult.NO_MESSAGE_AUTHENTICATOR);
        }
        if (!marked.orElse(true) || (!status && !secret.authentic(datagram, packet))) {
            return dropped(RadiusResult.BAD_AUTHENTICATOR);
        }
        if (status) {
            results.accept(RadiusResult.STATUS);
            return Optional.of(secret.answer(datagram, packet));
        }
        String authenticator = HexFormat.of().formatHex(datagram, 4, RadiusPacket.HEADER);
        Optional<byte[]> before = client.get().answered(authenticator);
        if (before.isPresent()) {
            results.accept(RadiusResult.REPEATED);
            return before;
        }
        return account(client.get(), packet, from).map(result -> {
            byte[] answer = secret.answer(datagram, packet);
            client.get().answered(authenticator, answer);
            return answer;
        });
    }

    /** @return what became of it; empty when that is not answered */
    private Optional<RadiusResult> account(RadiusClient client, RadiusPacket packet, InetAddress from) {
        long now = clock.millis();
        Optional<Accounting> said = reader.read(packet, from, now);
        if (said.isEmpty()) {
            results.accept(RadiusResult.MALFORMED);
            return Optional.empty();
        }
        RadiusResult result = fresh(said.get(), packet, now) ? take(client, said.get(), now) : RadiusResult.STALE;
        results.accept(result);
        return Optional.of(result).filter(end -> end != RadiusResult.STALE && end != RadiusResult.FULL);
    }

    /** A request that the client has tried to send for a while is as much older, RFC 2866 section 5.2. */
    private boolean fresh(Accounting said, RadiusPacket packet, long now) {
        if (!said.stamped()) {
            return !settings.requireEventTimestamp();
        }
        long window = settings.timestampWindow().toMillis();
        long delayed =
                Math.min(packet.number(RadiusAttribute.ACCT_DELAY_TIME).orElse(0) * 1_000, MOST_DELAYED.toMillis());
        return said.eventMillis() <= now + window && said.eventMillis() >= now - window - delayed;
    }

    private RadiusResult take(RadiusClient client, Accounting said, long now) {
        return switch (said.kind()) {
            case START, INTERIM ->
                said.device()
                        .map(this::tag)
                        .or(() -> sessions.tag(client, said))
                        .map(tag -> sessions.begin(client, said, tag, now))
                        .orElse(RadiusResult.NO_DEVICE);
            case STOP -> sessions.end(client, said, now);
            case RESTART -> sessions.restart(client, said, now);
            case OTHER -> RadiusResult.PASSED_OVER;
        };
    }

    /** The server's word of who holds the address; it says nothing of apps. */
    private AppTag tag(String device) {
        return new OwnerWords(device, settings.profile(), AppTag.NOBODY, OwnerWords.PROOF).tag();
    }

    private Optional<byte[]> dropped(RadiusResult why) {
        results.accept(why);
        return Optional.empty();
    }

    /** Knows again what was kept; what its client may no longer say is left out. */
    void restore(KeptSession kept) {
        RadiusClient client = named.get(kept.client());
        if (client != null) {
            sessions.restore(client, kept, kept.device().map(this::tag), clock.millis());
        }
    }

    /** Ends sessions that were silent too long. */
    void expire() {
        int over = sessions.expire(clock.millis());
        for (int i = 0; i < over; i++) {
            results.accept(RadiusResult.TIMED_OUT);
        }
    }

    RadiusSessions sessions() {
        return sessions;
    }
}
