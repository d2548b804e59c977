package io.postern.gateway.recognise;

import io.postern.gateway.flows.Learner;
import io.postern.wire.Parse;
import io.postern.wire.http.Field;
import io.postern.wire.http.HttpLimits;
import io.postern.wire.http.ResponseHead;
import io.postern.wire.http.ResponseHeadParser;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Waits for a server's answer to a client that asked for a WebSocket. At 101 the flow is one, RFC 6455 section 4.2.2;
 * at any other final answer it stays HTTP.
 */
final class UpgradeTap implements Tap {

    /** For one head of the answer, in bytes. */
    static final int ROOM = 16 * 1024;

    private static final ResponseHeadParser HEADS = new ResponseHeadParser(HttpLimits.DEFAULTS);
    /** As many interim answers as a relayed request may have (facts of security, H6). */
    private static final int MAX_INTERIM = 16;

    private final Learner flow;
    private final Kept head;
    private final Tap frames;
    private int inLine;
    private int interim;
    private boolean upgraded;
    private boolean over;

    UpgradeTap(Learner flow, Kept head, Tap frames) {
        this.flow = flow;
        this.head = head;
        this.frames = frames;
    }

    @Override
    public void fromClient(ByteBuffer bytes) {
        // Before its answer a client may not send frames, section 4.1: what comes is its request.
        if (upgraded) {
            frames.fromClient(bytes);
        }
    }

    @Override
    public void fromServer(ByteBuffer bytes) {
        while (!over && !upgraded && bytes.hasRemaining()) {
            byte octet = bytes.get();
            if (!head.add(octet)) {
                close();
            } else if (octet == '\n' && inLine == 0) {
                answered();
            } else if (octet != '\r') {
                inLine = octet == '\n' ? 0 : inLine + 1;
            }
        }
        if (upgraded) {
            frames.fromServer(bytes);
        }
    }

    private void answered() {
        Parse<ResponseHead> parse = HEADS.parse(head.all());
        if (parse instanceof Parse.Done<ResponseHead> done && done.value().interim() && ++interim <= MAX_INTERIM) {
            head.clear();
            return;
        }
        close();
        if (parse instanceof Parse.Done<ResponseHead> done && upgrades(done.value())) {
            upgraded = true;
            flow.learnt(flow.recognised().upgraded());
        }
    }

    private static boolean upgrades(ResponseHead answer) {
        return answer.status() == 101
                && Field.members(answer.fields(), "connection").contains("upgrade")
                && Field.members(answer.fields(), "upgrade").equals(List.of("websocket"))
                && answer.field("sec-websocket-accept").isPresent();
    }

    @Override
    public boolean over() {
        return over && !upgraded;
    }

    @Override
    public void close() {
        over = true;
        head.release();
    }
}
