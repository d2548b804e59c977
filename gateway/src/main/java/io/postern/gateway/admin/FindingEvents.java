package io.postern.gateway.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.postern.gateway.finding.Told;
import io.postern.gateway.records.OcsfFinding;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What becomes of the findings that a query takes: {@code create}, {@code update}, {@code reopen}, {@code suppress}, {@code close}. */
record FindingEvents(FindingFeed feed, OcsfFinding ocsf, FindingQuery query) implements Events {

    @Override
    public String run() {
        return feed.ring().run();
    }

    @Override
    public long next() {
        return feed.ring().next();
    }

    @Override
    public long oldest() {
        return feed.ring().oldest();
    }

    @Override
    public void watch(Optional<Runnable> who) {
        feed.ring().watch(who);
    }

    @Override
    public boolean write(long sequence, ByteBuf chunk) {
        Optional<Told> told = feed.at(sequence);
        told.ifPresent(one -> write(sequence, one, chunk));
        return told.isPresent();
    }

    private void write(long sequence, Told told, ByteBuf chunk) {
        told.kept().filter(query::takes).ifPresent(kept -> {
            head(sequence, told.change().label(), chunk);
            ocsf.write(kept, told.change(), new ByteBufOutputStream(chunk));
            chunk.writeByte('\n');
        });
        told.campaign().filter(query::takes).ifPresent(campaign -> {
            head(sequence, "campaign", chunk);
            ocsf.write(campaign, told.change(), new ByteBufOutputStream(chunk));
            chunk.writeByte('\n');
        });
    }

    private void head(long sequence, String name, ByteBuf chunk) {
        chunk.writeCharSequence(
                "id: " + run() + "-" + sequence + "\nevent: " + name + "\ndata: ", StandardCharsets.US_ASCII);
    }
}
