package io.postern.gateway.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.postern.gateway.records.OcsfFlow;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** {@code open} and {@code close} of the flows that a query takes. */
record FlowEvents(FlowFeed feed, OcsfFlow ocsf, FlowQuery query) implements Events {

    @Override
    public String run() {
        return feed.run();
    }

    @Override
    public long next() {
        return feed.next();
    }

    @Override
    public long oldest() {
        return feed.oldest();
    }

    @Override
    public void watch(Optional<Runnable> who) {
        feed.watch(who);
    }

    @Override
    public boolean write(long sequence, ByteBuf chunk) {
        Optional<FlowFeed.Event> event = feed.at(sequence);
        event.filter(this::wanted).ifPresent(one -> write(one, chunk));
        return event.isPresent();
    }

    private boolean wanted(FlowFeed.Event event) {
        FlowFeed.Kind kind = query.state().filter(FlowQuery.State.LIVE::equals).isPresent()
                ? FlowFeed.Kind.OPEN
                : FlowFeed.Kind.CLOSE;
        return (query.state().isEmpty() || event.kind() == kind)
                && query.filter().takes(event.flow());
    }

    private void write(FlowFeed.Event event, ByteBuf chunk) {
        String name = event.kind() == FlowFeed.Kind.OPEN ? "open" : "close";
        chunk.writeCharSequence(
                "id: " + run() + "-" + event.sequence() + "\nevent: " + name + "\ndata: ", StandardCharsets.US_ASCII);
        ocsf.write(event.flow(), new ByteBufOutputStream(chunk));
        chunk.writeCharSequence("\n", StandardCharsets.US_ASCII);
    }
}
