package io.postern.gateway.owners;

import io.postern.analytics.flow.AppTag;
import io.postern.config.ListenSettings.Ingress;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.owners.OwnerReport.Source;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A flow as reports see it; the flow itself is let go at its end. Not thread-safe. */
final class KnownFlow {
    private final String id;
    private final long startedMillis;
    private final OptionalInt localPort;
    private final Set<Source> spoken = EnumSet.noneOf(Source.class);
    private List<String> apps;
    private Optional<LiveFlow> live;

    KnownFlow(LiveFlow flow) {
        this.id = flow.id();
        this.startedMillis = flow.startedMillis();
        this.apps = flow.tag().apps();
        this.live = Optional.of(flow);
        // Everywhere else the client's port is a proxy client's.
        this.localPort = flow.listener().type() == Ingress.TRANSPARENT
                ? OptionalInt.of(flow.client().getPort())
                : OptionalInt.empty();
    }

    boolean mayBe(OwnerReport report) {
        return !spoken.contains(report.source())
                && distance(report) <= Owners.WINDOW.toMillis()
                && (localPort.isEmpty() || report.localPort().isEmpty() || is(report));
    }

    /** By the local port too. */
    boolean is(OwnerReport report) {
        return localPort.isPresent() && localPort.equals(report.localPort());
    }

    long distance(OwnerReport report) {
        return Math.abs(report.timeMillis() - startedMillis);
    }

    boolean nobodys() {
        return apps.contains(AppTag.NOBODY);
    }

    /** Or of one that shares its UID with the flow's. */
    boolean agrees(OwnerReport report) {
        return report.packages().stream().anyMatch(apps::contains);
    }

    /** This report is of it. */
    OwnerResult join(OwnerReport report) {
        OwnerResult result;
        boolean its = agrees(report);
        boolean several = report.packages().size() > 1 || apps.size() > 1;
        if (several && (its || nobodys())) {
            result = OwnerResult.SHARED;
        } else if (its) {
            result = live.isPresent() ? OwnerResult.CONFIRMED : OwnerResult.LATE_CONFIRMED;
        } else if (nobodys()) {
            apps = report.packages();
            result = live.isPresent() ? OwnerResult.NAMED : OwnerResult.LATE_NAMED;
        } else {
            result = live.isPresent() ? OwnerResult.CONFLICT : OwnerResult.LATE_CONFLICT;
        }
        spoken.add(report.source());
        return result;
    }

    void over() {
        live = Optional.empty();
    }

    String id() {
        return id;
    }

    long startedMillis() {
        return startedMillis;
    }

    /** Empty once it has ended. */
    Optional<LiveFlow> live() {
        return live;
    }
}
