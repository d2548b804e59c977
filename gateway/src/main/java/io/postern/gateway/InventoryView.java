package io.postern.gateway;

import io.postern.analytics.baseline.Known;
import io.postern.analytics.baseline.Learner;
import io.postern.analytics.baseline.Standing;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.baseline.Trait;
import io.postern.analytics.context.Truth;
import io.postern.config.policy.Policy;
import io.postern.gateway.admin.InventoryDesk;
import io.postern.gateway.baseline.Baselines;
import io.postern.gateway.inventory.InstalledApp;
import io.postern.gateway.inventory.Inventory;
import io.postern.gateway.rules.Judges;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The inventory beside what policy and baselines say of its apps. Asked on threads that may wait. */
final class InventoryView implements InventoryDesk {

    private static final int EXAMPLES = 10;

    /** What says where an app goes; the others follow from these. */
    private static final Set<Trait> WHERE = EnumSet.of(Trait.DESTINATION, Trait.SERVICE_CLASS, Trait.PORT);

    private final Inventory inventory;
    private final Baselines baselines;
    private final Judges judges;
    private final Clock clock;

    InventoryView(Inventory inventory, Baselines baselines, Judges judges, Clock clock) {
        this.inventory = inventory;
        this.baselines = baselines;
        this.judges = judges;
        this.clock = clock;
    }

    @Override
    public List<Installed> list(Query query) {
        Map<String, Policy.App> policy = judges.rules().policy().apps();
        return inventory
                .list(
                        app -> query.device()
                                        .filter(one -> !one.equals(app.key().device()))
                                        .isEmpty()
                                && query.profile()
                                        .filter(one -> !one.equals(app.key().profile()))
                                        .isEmpty()
                                && query.app()
                                        .filter(one -> !one.equals(app.key().app()))
                                        .isEmpty()
                                && query.managed()
                                        .filter(one -> one != app.managed())
                                        .isEmpty(),
                        query.after(),
                        query.most())
                .stream()
                .map(app ->
                        installed(app, Optional.ofNullable(policy.get(app.key().app()))))
                .toList();
    }

    private static Installed installed(InstalledApp app, Optional<Policy.App> policy) {
        return new Installed(
                app.key().device(),
                app.key().profile(),
                app.key().app(),
                app.managed(),
                app.approved().known() ? Optional.of(app.approved() == Truth.TRUE) : Optional.empty(),
                app.build().version() < 0
                        ? Optional.empty()
                        : Optional.of(app.build().version()),
                said(app.versionName()),
                said(app.build().signer()),
                said(app.formerSigner()),
                said(app.installer()),
                time(app.firstSeenMillis()),
                app.updatedMillis() > 0 ? Optional.of(time(app.updatedMillis())) : Optional.empty(),
                time(app.toldMillis()),
                app.source(),
                policy.map(one -> new Answerable(
                        one.approved(),
                        one.category(),
                        one.role(),
                        one.owner(),
                        one.justification(),
                        one.reviewBy().map(LocalDate::toString))));
    }

    private static Optional<String> said(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    @Override
    public Reports reports() {
        List<Unused> unused = new ArrayList<>();
        List<Exceeded> exceeded = new ArrayList<>();
        List<Overdue> overdue = new ArrayList<>();
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        Set<String> installed = inventory.packages();
        new TreeMap<>(judges.rules().policy().apps()).forEach((name, app) -> {
            if (!app.approved()) {
                return;
            }
            List<Known> entries =
                    baselines.view(Subject.app(name)).map(Learner.View::entries).orElse(List.of());
            if (entries.isEmpty() && !installed.contains(name)) {
                unused.add(new Unused(name, app.owner()));
            }
            exceeded(name, app, entries).ifPresent(exceeded::add);
            app.reviewBy()
                    .filter(day -> day.isBefore(today))
                    .ifPresent(day -> overdue.add(new Overdue(name, app.owner(), day.toString())));
        });
        return new Reports(unused, exceeded, overdue);
    }

    private static Optional<Exceeded> exceeded(String name, Policy.App app, List<Known> entries) {
        List<Known> where =
                entries.stream().filter(known -> WHERE.contains(known.trait())).toList();
        boolean approved = where.stream().anyMatch(known -> known.standing().approved());
        List<Known> tainted = where.stream()
                .filter(known -> known.standing() == Standing.TAINTED)
                .toList();
        List<Known> undecided = where.stream()
                .filter(known ->
                        approved && (known.standing() == Standing.PROPOSED || known.standing() == Standing.LEARNING))
                .toList();
        if (tainted.isEmpty() && undecided.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Exceeded(
                name,
                app.owner(),
                tainted.size(),
                undecided.size(),
                Stream.concat(tainted.stream(), undecided.stream())
                        .map(Known::id)
                        .limit(EXAMPLES)
                        .toList()));
    }
}
