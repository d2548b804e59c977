package io.postern.gateway.recognise;

import io.postern.analytics.flow.Protocol;
import io.postern.gateway.flows.Learner;
import io.postern.gateway.flows.Recognised;
import io.postern.tls.stream.TlsWatch;
import io.postern.tls.stream.WholeRecords;
import io.postern.tls.watch.Side;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Goes on looking at a stream that nobody knows: one that began before anybody looked, that lost bytes, or that is known by
 * its server's answers only. Each of the first reads of either side may begin a message, and TLS shows by its records.
 */
final class LateTap implements Tap {

    /** Reads of both sides together. */
    private static final int LOOKS = 32;

    private final Learner flow;
    private final TlsWatch tls;
    private final BiFunction<Learner, Recognised, Tap> taps;
    private int looks;
    private @Nullable Tap found;

    /**
     * @param tls from the middle
     * @param taps who goes on with what is found
     */
    LateTap(Learner flow, TlsWatch tls, BiFunction<Learner, Recognised, Tap> taps) {
        this.flow = flow;
        this.tls = tls;
        this.taps = taps;
    }

    @Override
    public void fromClient(ByteBuffer bytes) {
        if (found == null) {
            look(Side.CLIENT, bytes);
        } else {
            found.fromClient(bytes);
        }
    }

    @Override
    public void fromServer(ByteBuffer bytes) {
        if (found == null) {
            look(Side.SERVER, bytes);
        } else {
            found.fromServer(bytes);
        }
    }

    private void look(Side by, ByteBuffer bytes) {
        // Records of TLS are followed however many reads they take.
        if (tls.standing() == TlsWatch.Standing.CERTAIN) {
            tls.feed(by, bytes);
            return;
        }
        looks++;
        Optional<LateSniffers.Found> known = LateSniffers.ask(by, bytes);
        if (known.isPresent()) {
            goOn(known.get(), by, bytes);
            return;
        }
        boolean records = WholeRecords.fill(bytes);
        tls.feed(by, bytes);
        if (records || tls.standing() == TlsWatch.Standing.CERTAIN) {
            if (flow.recognised().protocol() == Protocol.UNKNOWN) {
                flow.learnt(Recognised.certain(Protocol.TLS)
                        .saying(flow.recognised().spoken()));
            }
        } else if (looks >= LOOKS) {
            close();
        }
    }

    private void goOn(LateSniffers.Found known, Side by, ByteBuffer bytes) {
        tls.close();
        flow.learnt(known.recognised());
        Tap next = known.upright() ? taps.apply(flow, known.recognised()) : Tap.NONE;
        found = next;
        if (!next.over()) {
            if (by == Side.CLIENT) {
                next.fromClient(bytes);
            } else {
                next.fromServer(bytes);
            }
        }
    }

    @Override
    public void missed(Side by, int bytes) {
        if (found != null) {
            found.missed(by, bytes);
        } else {
            tls.gap(by);
        }
    }

    @Override
    public boolean over() {
        if (found != null) {
            return found.over();
        }
        boolean told = !tls.wants(Side.CLIENT) && !tls.wants(Side.SERVER);
        return told && (looks >= LOOKS || tls.standing() == TlsWatch.Standing.CERTAIN);
    }

    @Override
    public void close() {
        looks = LOOKS;
        tls.close();
        if (found != null) {
            found.close();
        }
    }
}
