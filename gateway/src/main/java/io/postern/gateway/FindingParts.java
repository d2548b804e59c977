package io.postern.gateway;

import io.postern.analytics.attack.Words;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Conclusion;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Review;
import io.postern.analytics.finding.Silence;
import io.postern.analytics.finding.World;
import io.postern.analytics.flow.Destination;
import io.postern.config.GatewaySettings;
import io.postern.config.policy.Policy.Exemption;
import io.postern.dns.names.PublicSuffixes;
import io.postern.gateway.baseline.Baselines;
import io.postern.gateway.finding.FindingDesk;
import io.postern.gateway.finding.Told;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.records.DropReason;
import io.postern.gateway.records.FindingRecords;
import io.postern.gateway.records.Retention;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.state.Store;
import io.postern.wire.ip.HostText;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** The desk of findings, with what it must know of policy, and what baselines must know of findings. */
final class FindingParts {

    private static final String ANY_HOST = "*.";

    private final FindingDesk desk;
    private final Judges judges;
    private final Baselines baselines;
    private List<Exemption> known = List.of();
    private String version = "";

    /** @throws IOException when the store cannot be read */
    FindingParts(
            GatewaySettings settings,
            Store store,
            Judges judges,
            Baselines baselines,
            Retention retention,
            Pseudonyms names,
            Clock clock,
            Meters meters)
            throws IOException {
        this.judges = judges;
        this.baselines = baselines;
        desk = FindingDesk.start(
                settings.findings(),
                settings.records().findings().queue(),
                store,
                new World(FindingParts::domain, Words::hard),
                new FindingRecords(
                        settings.records().findings(),
                        Version.text(),
                        meters.recordsDropped("finding", DropReason.class, DropReason::label),
                        retention,
                        names::of),
                clock,
                meters);
        desk.whenTold(this::told);
    }

    FindingDesk desk() {
        return desk;
    }

    /** Tells of every finding how it stands, those that were kept first, as {@link FindingDesk#whenActing} does. */
    void each(Consumer<Kept> who) {
        FindingsInOrder order = new FindingsInOrder(who);
        desk.whenActing(order::heard);
        List<Kept> kept = new ArrayList<>(desk.list(any -> true, Long.MAX_VALUE, Integer.MAX_VALUE));
        // The newest of one thing says how it stands.
        Collections.reverse(kept);
        order.listed(kept);
    }

    /** Where several names are one registrable domain, they are one destination; an address is one by itself. */
    private static String domain(String destination) {
        Destination to = destination(destination, 0);
        return to.domain().isEmpty() ? to.name() : to.domain();
    }

    /** A detector that takes all hosts of a domain together says so with a star. */
    private static Destination destination(String text, int port) {
        String name = text.startsWith(ANY_HOST) ? text.substring(ANY_HOST.length()) : text;
        return HostText.of(name) instanceof HostText.Literal
                ? new Destination("", "", name, port)
                : new Destination(name, PublicSuffixes.shipped().registrable(name), "", port);
    }

    /** Looks whether policy has changed. Not for an event loop. */
    void look() {
        String now = judges.rules().version();
        if (!now.equals(version)) {
            version = now;
            List<Exemption> fresh = judges.rules().policy().exceptions();
            // Scopes name apps by category and role, so what policy says of apps counts as well.
            if (!fresh.isEmpty() || !known.isEmpty()) {
                known = fresh;
                desk.excuse(judges.rules().excuses());
            }
        }
    }

    /** What a finding speaks of is not learnt; once somebody has found it harmless, it may be. */
    private void told(Told told) {
        told.kept().ifPresent(kept -> {
            if (harmless(kept)) {
                baselines.cleared(
                        kept.finding().key().app(),
                        destination(kept),
                        kept.finding().uid());
            } else if (confirmed(kept)) {
                baselines.confirmed(
                        kept.finding().key().app(),
                        destination(kept),
                        kept.finding().uid());
            } else if (speaks(kept)) {
                baselines.suspect(
                        kept.finding().key().app(),
                        destination(kept),
                        kept.finding().uid());
            } else if (kept.review().isPresent()) {
                baselines.unanswered(
                        kept.finding().key().app(),
                        destination(kept),
                        kept.finding().uid());
            }
        });
    }

    /** By an answer to it, or to another that is alike. */
    private static boolean harmless(Kept kept) {
        return kept.review().filter(Review::harmless).isPresent()
                || kept.silence()
                        .filter(silence -> silence.kind() == Silence.Kind.REVIEW)
                        .isPresent();
    }

    private static boolean confirmed(Kept kept) {
        return kept.review()
                .flatMap(Review::conclusion)
                .filter(one -> one == Conclusion.TRUE_POSITIVE)
                .isPresent();
    }

    private static boolean speaks(Kept kept) {
        return kept.status().stands() && kept.finding().severity() != Finding.Severity.LOW;
    }

    private static Destination destination(Kept kept) {
        return destination(kept.finding().destination(), kept.finding().spoken().port());
    }
}
