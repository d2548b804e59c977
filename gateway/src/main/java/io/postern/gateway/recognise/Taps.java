package io.postern.gateway.recognise;

import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.MemoryBudget;
import io.postern.gateway.flows.Recognised;
import io.postern.gateway.records.HttpFacts;
import io.postern.tls.hello.ClientHelloParser;
import io.postern.tls.hello.TlsSettings;
import io.postern.wire.dialogue.Dialogue;
import io.postern.wire.websocket.FrameFault;
import java.util.function.Consumer;

/** Which recognised flows may yet turn to something else, and who watches for it. */
public final class Taps {

    private final int maxHelloBytes;
    private final MemoryBudget budget;
    private final Consumer<FrameFault> faults;
    private final ClientHelloParser hellos;

    /**
     * @param maxHelloBytes room for a ClientHello, in bytes with its record headers
     * @param faults told of frames that break the rules of WebSocket
     */
    public Taps(int maxHelloBytes, MemoryBudget budget, Consumer<FrameFault> faults) {
        this.maxHelloBytes = maxHelloBytes;
        this.budget = budget;
        this.faults = faults;
        this.hellos = new ClientHelloParser(new TlsSettings(maxHelloBytes, TlsSettings.DEFAULTS.maxRecords()));
    }

    /** For a stream of bytes that was recognised just now. */
    public Tap on(Learner flow, Recognised recognised) {
        return switch (recognised.protocol()) {
            case SMTP -> startTls(flow, Dialogue.SMTP);
            case IMAP -> startTls(flow, Dialogue.IMAP);
            case POP3 -> startTls(flow, Dialogue.POP3);
            case FTP -> startTls(flow, Dialogue.FTP);
            case HTTP ->
                recognised.http().filter(HttpFacts::websocket).isPresent()
                        ? new UpgradeTap(flow, new Kept(budget, UpgradeTap.ROOM), frames())
                        : Tap.NONE;
            default -> Tap.NONE;
        };
    }

    /** For what becomes a WebSocket. */
    public Tap frames() {
        return new FrameTap(faults);
    }

    private Tap startTls(Learner flow, Dialogue dialogue) {
        return new StartTlsTap(flow, dialogue, hellos, new Kept(budget, maxHelloBytes));
    }
}
