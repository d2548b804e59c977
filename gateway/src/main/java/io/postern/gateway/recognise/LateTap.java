package io.postern.gateway.recognise;

import io.postern.analytics.flow.Basis;
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
    private final Optional<TlsWatch> tls;
    private final BiFunction<Learner, Recognised, Tap> taps;
    private int looks;
    private @Nullable Tap found;

    /**
     * @param tls from the middle; empty where no hello is waited for
     * @param taps who goes on with what is found
     */
    LateTap(Learner flow, Optional<TlsWatch> tls, BiFunction<Learner, Recognised, Tap> taps) {
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
        if (certain()) {
            tls.ifPresent(watch -> watch.feed(by, bytes));
            return;
        }
        looks++;
        Optional<LateSniffers.Found> known = LateSniffers.ask(by, bytes);
        if (known.isPresent()) {
            goOn(known.get(), by, bytes);
            return;
        }
        boolean records = WholeRecords.fill(bytes);
        tls.ifPresent(watch -> watch.feed(by, bytes));
        if (records || certain()) {
            if (flow.recognised().protocol() == Protocol.UNKNOWN) {
                // What breaks a rule of TLS is no less meant to be TLS, and no evidence.
                Basis basis = flow.recognised().basis() == Basis.MALFORMED ? Basis.MALFORMED : Basis.BYTES;
                flow.learnt(
                        new Recognised(Protocol.TLS, basis, flow.recognised().spoken()));
            }
            looks = tls.isEmpty() ? LOOKS : looks;
        } else if (looks >= LOOKS) {
            close();
        }
    }

    private boolean certain() {
        return tls.filter(watch -> watch.standing() == TlsWatch.Standing.CERTAIN)
                .isPresent();
    }

    private void goOn(LateSniffers.Found known, Side by, ByteBuffer bytes) {
        tls.ifPresent(TlsWatch::close);
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
            tls.ifPresent(watch -> watch.gap(by));
        }
    }

    @Override
    public boolean over() {
        if (found != null) {
            return found.over();
        }
        boolean told = tls.filter(watch -> watch.wants(Side.CLIENT) || watch.wants(Side.SERVER))
                .isEmpty();
        return told && (looks >= LOOKS || certain());
    }

    @Override
    public void close() {
        looks = LOOKS;
        tls.ifPresent(TlsWatch::close);
        if (found != null) {
            found.close();
        }
    }
}
