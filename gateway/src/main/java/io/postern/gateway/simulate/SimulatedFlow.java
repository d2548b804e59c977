package io.postern.gateway.simulate;

import io.postern.analytics.Verdict;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import io.postern.analytics.flow.FlowEvent.Outcome;
import io.postern.dns.message.DnsFacts;
import io.postern.gateway.records.CloseReason;
import io.postern.gateway.records.Exchanges;
import io.postern.gateway.records.FlowRecord;
import io.postern.gateway.records.FlowRecordBuilder;
import io.postern.gateway.records.HttpFacts;
import io.postern.gateway.records.Origin;
import io.postern.gateway.records.Spoken;
import io.postern.gateway.records.TlsFacts;
import io.postern.gateway.records.Transport;
import io.postern.tls.hello.ServerName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A flow while it lives in the simulation: its record as the gateway would keep it, hourly lines and all. */
final class SimulatedFlow {

    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final Origin ORIGIN = new Origin("simulate", "", Optional.of("fleet"));
    private static final Verdict ALLOWED = new Verdict(Verdict.Action.ALLOW, "default");
    private static final int INTERNET = 1;

    private final Flow flow;
    private final FlowRecordBuilder notes;
    private final long[] tape = new long[3 * Exchanges.MAX];
    private int exchanges;
    private long bytesOut;
    private long bytesIn;
    private long lineMillis;

    SimulatedFlow(Flow flow, InetSocketAddress client) {
        this.flow = flow;
        this.lineMillis = flow.startMillis();
        this.notes = FlowRecord.builder(
                        flow.uid(),
                        ORIGIN,
                        flow.transport() == Flow.Transport.TCP ? Transport.TCP : Transport.UDP,
                        client,
                        Instant.ofEpochMilli(flow.startMillis()))
                .tag(flow.tag())
                .destination(
                        Optional.of(flow.destination().host()).filter(host -> !host.isEmpty()),
                        flow.destination().port())
                .dialled(address(flow.destination().address()))
                .recognised(flow.protocol(), flow.basis())
                .spoken(spoken(flow))
                .serviceClasses(flow.serviceClasses().stream().sorted().toList())
                .judged(ALLOWED, List.of(), "none");
    }

    private static InetAddress address(String text) {
        try {
            String[] parts = text.split("\\.", -1);
            byte[] bytes = new byte[parts.length];
            for (int i = 0; i < parts.length; i++) {
                bytes[i] = (byte) Integer.parseInt(parts[i]);
            }
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no address of the simulation", e);
        }
    }

    private static Spoken spoken(Flow flow) {
        if (flow.tls().isPresent()) {
            Flow.TlsShape tls = flow.tls().get();
            return Spoken.of(TlsFacts.of(new TlsFacts.Hello(
                    Optional.of(tls.sni())
                            .filter(sni -> !sni.isEmpty())
                            .map(sni -> new ServerName(sni, ServerName.Form.NAME)),
                    "1.3",
                    tls.alpn().isEmpty() ? List.of() : List.of(tls.alpn()),
                    Optional.empty(),
                    Optional.of(tls.ja4()),
                    tls.hidden(),
                    false,
                    false)));
        }
        return flow.http()
                .map(http ->
                        Spoken.of(HttpFacts.of(Optional.of(flow.destination().host()), http.method(), false)))
                .orElse(Spoken.NOTHING);
    }

    /** @return an hourly line that was due before this */
    Optional<FlowRecord> moved(FlowEvent.Exchanged exchange) {
        Optional<FlowRecord> due = Optional.empty();
        if (exchange.atMillis() - lineMillis >= HOUR) {
            lineMillis = exchange.atMillis();
            due = Optional.of(counted().living(Instant.ofEpochMilli(lineMillis)));
            exchanges = 0;
        }
        bytesOut += exchange.bytesOut();
        bytesIn += exchange.bytesIn();
        note(exchange.atMillis(), exchange.bytesOut(), exchange.bytesIn());
        return due;
    }

    void asked(FlowEvent.Asked asked) {
        DnsFacts.Question question = new DnsFacts.Question(asked.name(), asked.type(), INTERNET);
        notes.spoken(Spoken.of(new DnsFacts(
                DnsFacts.Relative.DNS, 0, false, Optional.of(question), 0, 0, List.of(), OptionalInt.empty())));
        note(asked.atMillis(), asked.name().length() + 30L, asked.bytesIn());
    }

    private void note(long atMillis, long out, long in) {
        if (exchanges < Exchanges.MAX) {
            tape[3 * exchanges] = atMillis - flow.startMillis();
            tape[3 * exchanges + 1] = out;
            tape[3 * exchanges + 2] = in;
            exchanges++;
        }
    }

    private FlowRecordBuilder counted() {
        return notes.established().traffic(bytesOut, bytesIn, Exchanges.of(tape, exchanges));
    }

    FlowRecord closed(FlowEvent.Closed closed) {
        bytesOut = closed.bytesOut();
        bytesIn = closed.bytesIn();
        Instant at = Instant.ofEpochMilli(closed.atMillis());
        if (closed.outcome() == Outcome.FAILED_UPSTREAM) {
            return notes.ended(CloseReason.UPSTREAM_FAILED, at);
        }
        return counted().ended(CloseReason.CLIENT_CLOSED, at);
    }
}
