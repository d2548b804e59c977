package io.postern.gateway;

import io.postern.analytics.baseline.Build;
import io.postern.analytics.baseline.Decision;
import io.postern.analytics.baseline.Known;
import io.postern.analytics.baseline.Learner;
import io.postern.analytics.baseline.Standing;
import io.postern.analytics.baseline.Subject;
import io.postern.gateway.admin.BaselineBody;
import io.postern.gateway.admin.BaselineDesk;
import io.postern.gateway.admin.BaselineShare;
import io.postern.gateway.admin.Sender;
import io.postern.gateway.audit.AuditEntry.Outcome;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.baseline.Baselines;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Baselines by the admin API: shown, approved, rejected, each decision in the audit log. Runs on the offload thread. */
final class BaselineChanges implements BaselineDesk {

    private static final Logger LOG = LoggerFactory.getLogger(BaselineChanges.class);
    private static final String RESOURCE = "/v1/baselines/";
    /** Of the ids that an audit entry names; the number of all of them is told. */
    private static final int NAMED = 20;

    /** What {@code all} means. */
    private static final Set<Standing> OPEN = EnumSet.of(Standing.PROPOSED, Standing.PROVISIONAL, Standing.EXPIRED);

    private final Baselines baselines;
    private final Duration reviewAfter;
    private final AdminAudit audit;
    private final Clock clock;

    BaselineChanges(Baselines baselines, Duration reviewAfter, AuditLog audit, Clock clock) {
        this.baselines = baselines;
        this.reviewAfter = reviewAfter;
        this.audit = new AdminAudit(audit, clock);
        this.clock = clock;
    }

    @Override
    public SortedSet<Subject> subjects() {
        return baselines.subjects();
    }

    @Override
    public Optional<Learner.View> view(Subject subject) {
        return baselines.view(subject);
    }

    @Override
    public Result decide(BaselineBody body, boolean approve, Sender sender) {
        Optional<Learner.View> view = baselines.view(body.subject());
        List<Known> entries = view.map(Learner.View::entries).orElse(List.of());
        Set<String> ids = body.entries().orElseGet(() -> open(entries));
        Optional<Result> against =
                ids.isEmpty() ? Optional.of(nothing(End.ABSENT, "")) : against(entries, ids, approve);
        if (against.isPresent()) {
            return refused(approve, body.subject().toString(), sender) ? against.get() : nothing(End.NOT_AUDITED, "");
        }
        Build about = view.orElseThrow().build();
        Build build = body.version().isPresent() ? new Build(body.version().getAsLong(), about.signer()) : about;
        Decision decision = new Decision(
                approve, sender.actor().name(), clock.millis(), body.reason(), build, reviewBy(body, approve));
        return change(body.subject(), ids, decision, sender);
    }

    private static Set<String> open(List<Known> entries) {
        return entries.stream()
                .filter(known -> OPEN.contains(known.standing()))
                .map(Known::id)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The first of the named that cannot be decided so. */
    private static Optional<Result> against(List<Known> entries, Set<String> ids, boolean approve) {
        Set<String> absent = new HashSet<>(ids);
        for (Known known : entries) {
            if (absent.remove(known.id()) && approve && known.standing() == Standing.TAINTED) {
                return Optional.of(nothing(End.TAINTED, known.id()));
            }
        }
        return absent.stream().findFirst().map(id -> nothing(End.ABSENT, id));
    }

    /** A rejection holds until somebody thinks otherwise. */
    private long reviewBy(BaselineBody body, boolean approve) {
        if (!approve) {
            return 0;
        }
        return body.reviewBy()
                .map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli())
                .orElse(clock.millis() + reviewAfter.toMillis());
    }

    private Result change(Subject subject, Set<String> ids, Decision decision, Sender sender) {
        AdminAudit.Step step = step(
                decision.approved(),
                subject.toString(),
                Optional.of(ids.size() + " entries"
                        + (decision.build().version() < 0
                                ? ""
                                : " for version " + decision.build().version())
                        + ": " + ids.stream().limit(NAMED).collect(Collectors.joining(" "))
                        + (ids.size() > NAMED ? " …" : "")
                        + "; " + decision.reason()));
        if (!audit.told(sender, step, Outcome.BEGUN)) {
            return nothing(End.NOT_AUDITED, "");
        }
        int decided;
        try {
            decided = baselines.decide(subject, ids, decision);
        } catch (IOException e) {
            LOG.error("a decision could not be stored request={}: {}", sender.request(), e.toString());
            audit.told(sender, step, Outcome.FAILED);
            return nothing(End.NOT_STORED, "");
        }
        return new Result(
                audit.told(sender, step, Outcome.APPLIED) ? End.DECIDED : End.END_NOT_AUDITED,
                "",
                decided,
                decision.build().version());
    }

    @Override
    public Optional<byte[]> share(Subject subject) {
        return baselines.share(subject);
    }

    @Override
    public boolean shared(List<Subject> subjects, Sender sender) {
        AdminAudit.Step step = new AdminAudit.Step(
                "baseline.export",
                RESOURCE + "export",
                Optional.empty(),
                Optional.of(subjects.size() + " baselines: "
                        + subjects.stream().limit(NAMED).map(Subject::toString).collect(Collectors.joining(" "))
                        + (subjects.size() > NAMED ? " …" : "")));
        return audit.told(sender, step, Outcome.APPLIED);
    }

    @Override
    public Took take(BaselineShare share, Sender sender) {
        AdminAudit.Step step =
                importing(share.subject().toString(), Optional.of(share.learnt().length + " bytes; " + share.reason()));
        if (!audit.told(sender, step, Outcome.BEGUN)) {
            return new Took(Taking.NOT_AUDITED, "", 0);
        }
        int entries;
        try {
            entries = baselines.adopt(share.subject(), share.learnt());
        } catch (IllegalArgumentException e) {
            return new Took(
                    audit.told(sender, step, Outcome.REFUSED) ? Taking.BROKEN : Taking.END_NOT_AUDITED,
                    String.valueOf(e.getMessage()),
                    0);
        } catch (IOException e) {
            LOG.error(
                    "a baseline that was taken in could not be stored request={}: {}", sender.request(), e.toString());
            audit.told(sender, step, Outcome.FAILED);
            return new Took(Taking.NOT_STORED, "", 0);
        }
        return new Took(audit.told(sender, step, Outcome.APPLIED) ? Taking.TAKEN : Taking.END_NOT_AUDITED, "", entries);
    }

    @Override
    public boolean notTaken(String subject, Sender sender) {
        return audit.told(sender, importing(subject, Optional.empty()), Outcome.REFUSED);
    }

    private static AdminAudit.Step importing(String subject, Optional<String> after) {
        return new AdminAudit.Step("baseline.import", RESOURCE + subject, Optional.empty(), after);
    }

    @Override
    public boolean refused(boolean approve, String subject, Sender sender) {
        return audit.told(sender, step(approve, subject, Optional.empty()), Outcome.REFUSED);
    }

    private static AdminAudit.Step step(boolean approve, String subject, Optional<String> after) {
        return new AdminAudit.Step(
                approve ? "baseline.approve" : "baseline.reject", RESOURCE + subject, Optional.empty(), after);
    }

    private static Result nothing(End end, String which) {
        return new Result(end, which, 0, -1);
    }
}
