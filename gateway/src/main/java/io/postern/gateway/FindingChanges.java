package io.postern.gateway;

import io.postern.analytics.Verdict;
import io.postern.analytics.finding.Campaign;
import io.postern.analytics.finding.Conclusion;
import io.postern.analytics.finding.ExcuseUse;
import io.postern.analytics.finding.FindingBook;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Review;
import io.postern.analytics.finding.Suppression;
import io.postern.gateway.admin.FindingBody;
import io.postern.gateway.admin.FindingReviews;
import io.postern.gateway.admin.Sender;
import io.postern.gateway.audit.AuditEntry.Outcome;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.finding.FindingDesk;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Findings by the admin API: shown, and answered, each answer in the audit log. Runs on the offload thread. */
final class FindingChanges implements FindingReviews {

    private static final Logger LOG = LoggerFactory.getLogger(FindingChanges.class);
    private static final String RESOURCE = "/v1/findings/";
    private static final int LONGEST_ID = 255;

    private final FindingDesk desk;
    private final Enforcement enforcement;
    private final AdminAudit audit;
    private final Clock clock;

    FindingChanges(FindingDesk desk, Enforcement enforcement, AuditLog audit, Clock clock) {
        this.desk = desk;
        this.enforcement = enforcement;
        this.audit = new AdminAudit(audit, clock);
        this.clock = clock;
    }

    @Override
    public List<Kept> list(Predicate<Kept> wanted, long before, int most) {
        return desk.list(wanted, before, most);
    }

    @Override
    public Optional<Kept> find(String uid) {
        return desk.find(uid);
    }

    @Override
    public Optional<String> does(Kept kept) {
        boolean acted = kept.action().compareTo(Verdict.Action.ALERT) > 0;
        return Optional.of(kept)
                .filter(one -> one.status().stands())
                .map(one -> enforcement.words(one.finding(), acted));
    }

    @Override
    public Map<String, String> demoted() {
        return enforcement.demoted();
    }

    @Override
    public List<Campaign> campaigns() {
        return desk.campaigns();
    }

    @Override
    public Optional<Campaign> campaign(String uid) {
        return desk.campaign(uid);
    }

    @Override
    public List<ExcuseUse> exceptions() {
        return desk.excuses();
    }

    @Override
    public List<Suppression> suppressions() {
        return desk.suppressions();
    }

    @Override
    public Result review(String uid, FindingBody body, OptionalLong version, Sender sender) {
        Optional<Kept> before = desk.find(uid);
        if (before.isEmpty()
                || (version.isPresent() && version.getAsLong() != before.get().version())) {
            End end = before.isEmpty() ? End.ABSENT : End.STALE;
            return nothing(refused(uid, sender) ? end : End.NOT_AUDITED);
        }
        AdminAudit.Step step = new AdminAudit.Step(
                "finding.review",
                RESOURCE + uid,
                Optional.of(FindingChanges.text(before.get())),
                Optional.of(text(body.status().label(), body.conclusion()) + "; " + body.reason()));
        if (!audit.told(sender, step, Outcome.BEGUN)) {
            return nothing(End.NOT_AUDITED);
        }
        Review review = new Review(
                body.status(), body.conclusion(), body.reason(), sender.actor().name(), clock.millis());
        FindingBook.Reviewed reviewed;
        try {
            reviewed = desk.review(uid, review, version);
        } catch (IOException e) {
            LOG.error("an answer could not be stored request={}: {}", sender.request(), e.toString());
            audit.told(sender, step, Outcome.FAILED);
            return nothing(End.NOT_STORED);
        }
        End end =
                switch (reviewed) {
                    case DONE -> End.DONE;
                    case ABSENT -> End.ABSENT;
                    case STALE -> End.STALE;
                    case TAKEN_UP -> End.TAKEN_UP;
                };
        Outcome outcome = end == End.DONE ? Outcome.APPLIED : Outcome.REFUSED;
        return new Result(audit.told(sender, step, outcome) ? end : End.END_NOT_AUDITED, desk.find(uid));
    }

    private static String text(Kept kept) {
        return text(kept.status().label(), kept.review().flatMap(Review::conclusion));
    }

    private static String text(String status, Optional<Conclusion> conclusion) {
        return status + conclusion.map(one -> " " + one.label()).orElse("");
    }

    @Override
    public boolean refused(String uid, Sender sender) {
        String named = uid.length() <= LONGEST_ID ? uid : uid.substring(0, LONGEST_ID);
        return audit.told(
                sender,
                new AdminAudit.Step("finding.review", RESOURCE + named, Optional.empty(), Optional.empty()),
                Outcome.REFUSED);
    }

    private static Result nothing(End end) {
        return new Result(end, Optional.empty());
    }
}
