package io.postern.gateway;

import io.postern.config.GatewaySettings.PolicyFiles;
import io.postern.config.document.Problem;
import io.postern.config.document.Reading;
import io.postern.config.policy.Policy;
import io.postern.config.policy.PolicyDiff;
import io.postern.config.policy.PolicyReader;
import io.postern.gateway.admin.PolicyDesk;
import io.postern.gateway.admin.Sender;
import io.postern.gateway.audit.AuditEntry.Outcome;
import io.postern.gateway.audit.AuditLog;
import io.postern.gateway.flows.Flows;
import io.postern.gateway.flows.LiveFlow;
import io.postern.gateway.judge.Verdicts;
import io.postern.gateway.rules.Decision;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.rules.Rules;
import io.postern.gateway.state.PolicyStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Policy by the admin API. Another policy comes into force as one of a file does: it is read by the same reader,
 * written where the gateway's own policy stands, and noticed there by {@link PolicyWatch}. Runs on the offload thread,
 * as that does, so that nothing comes between.
 */
final class PolicyChanges implements PolicyDesk {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyChanges.class);
    private static final String ACTION = "policy.replace";
    private static final String RESOURCE = "/v1/policy";

    /** Of all documents together; some more than one that can be put. */
    private static final long MAX_SHOWN = 4L << 20;

    private final PolicyFiles files;
    private final PolicyWatch watch;
    private final Judges judges;
    private final Flows flows;
    private final Verdicts verdicts;
    private final AdminAudit audit;
    private final Clock clock;

    PolicyChanges(
            PolicyFiles files,
            PolicyWatch watch,
            Judges judges,
            Flows flows,
            Verdicts verdicts,
            AuditLog audit,
            Clock clock) {
        this.files = files;
        this.watch = watch;
        this.judges = judges;
        this.flows = flows;
        this.verdicts = verdicts;
        this.audit = new AdminAudit(audit, clock);
        this.clock = clock;
    }

    @Override
    public boolean managed() {
        return files.managed();
    }

    @Override
    public Shown show() {
        Map<Path, byte[]> documents = PolicyReader.documents(files.files(), files.base());
        long together =
                documents.values().stream().mapToLong(bytes -> bytes.length).sum();
        List<Document> shown = new ArrayList<>();
        documents.forEach((file, bytes) -> shown.add(new Document(
                file.toString(),
                bytes.length,
                Optional.of(new String(bytes, StandardCharsets.UTF_8)).filter(text -> together <= MAX_SHOWN))));
        return new Shown(version(), files.managed(), !watch.refused(), shown);
    }

    @Override
    public Result tryOut(byte[] document) {
        Reading<Policy> reading = read(document);
        return reading.value()
                .map(policy -> new Result(
                        End.TRIED, version(), Optional.of(change(policy, reading.warnings(), false)), List.of()))
                .orElseGet(() -> nothing(End.INVALID, reading.problems()));
    }

    @Override
    public Result replace(byte[] document, Optional<Set<String>> ifMatch, Sender sender) {
        if (ifMatch.filter(versions -> !versions.contains(version())).isPresent()) {
            return nothing(refused(sender) ? End.STALE : End.NOT_AUDITED, List.of());
        }
        String before = version();
        Reading<Policy> reading = read(document);
        if (reading.value().isEmpty()) {
            return refused(sender) ? nothing(End.INVALID, reading.problems()) : nothing(End.NOT_AUDITED, List.of());
        }
        Policy policy = reading.value().get();
        Optional<String> after = Optional.of(policy.version());
        if (!told(sender, Outcome.BEGUN, before, after)) {
            return nothing(End.NOT_AUDITED, List.of());
        }
        Change change = change(policy, reading.warnings(), true);
        boolean applied = apply(document, policy, sender.request());
        if (!told(sender, applied ? Outcome.APPLIED : Outcome.FAILED, before, after)) {
            return nothing(applied ? End.END_NOT_AUDITED : End.FAILED, List.of());
        }
        return applied
                ? new Result(End.APPLIED, version(), Optional.of(change), List.of())
                : nothing(End.FAILED, List.of());
    }

    private boolean apply(byte[] document, Policy policy, String request) {
        try {
            new PolicyStore(files).replace(document, version());
        } catch (IOException e) {
            LOG.error("policy could not be stored request={}: {}", request, e.toString());
            return false;
        }
        watch.look();
        if (!version().equals(policy.version())) {
            LOG.error("policy was stored and did not come into force request={}", request);
            return false;
        }
        return true;
    }

    /**
     * As if it stood where the policy stands, so that the lists beside that are found. Only those that the operator has
     * named, or that stand in the gateway's own folder: keys may stand beside a policy as well.
     */
    private Reading<Policy> read(byte[] document) {
        Map<Path, byte[]> documents = PolicyReader.documents(files.files(), files.base());
        Path beside =
                documents.keySet().stream().findFirst().orElse(files.base().resolve("policy.yaml"));
        Set<Path> named = judges.rules().policy().files();
        Path own = files.base().toAbsolutePath().normalize();
        return PolicyReader.read(
                document,
                beside.resolveSibling("policy.yaml"),
                list -> named.contains(list) || (files.managed() && list.startsWith(own)),
                clock);
    }

    private Change change(Policy policy, List<Problem> warnings, boolean applied) {
        return new Change(
                version(),
                policy.version(),
                applied,
                PolicyDiff.between(judges.rules().policy(), policy),
                effect(judges.rules().with(policy)),
                warnings);
    }

    private LiveEffect effect(Rules rules) {
        Instant now = clock.instant();
        try {
            return flows.gather(() -> new Effects(rules, now)).join().stream()
                    .reduce(new LiveEffect(0, 0, 0), PolicyChanges::sum);
        } catch (CompletionException stopping) {
            return new LiveEffect(0, 0, 0);
        }
    }

    private final class Effects implements Flows.Look<LiveEffect> {

        private final Rules rules;
        private final Instant now;
        private long judged;
        private long otherwise;
        private long ended;

        Effects(Rules rules, Instant now) {
            this.rules = rules;
            this.now = now;
        }

        @Override
        public void at(LiveFlow flow) {
            judged++;
            Decision would = verdicts.would(flow, rules, now);
            if (would.verdict().action() != flow.decision().verdict().action()) {
                otherwise++;
                ended += would.ends() ? 1 : 0;
            }
        }

        @Override
        public LiveEffect found() {
            return new LiveEffect(judged, otherwise, ended);
        }
    }

    private static LiveEffect sum(LiveEffect one, LiveEffect other) {
        return new LiveEffect(
                one.judged() + other.judged(), one.otherwise() + other.otherwise(), one.ended() + other.ended());
    }

    @Override
    public boolean refused(Sender sender) {
        return told(sender, Outcome.REFUSED, version(), Optional.empty());
    }

    private boolean told(Sender sender, Outcome outcome, String before, Optional<String> after) {
        return audit.told(sender, new AdminAudit.Step(ACTION, RESOURCE, Optional.of(before), after), outcome);
    }

    private Result nothing(End end, List<Problem> problems) {
        return new Result(end, version(), Optional.empty(), problems);
    }

    private String version() {
        return judges.rules().version();
    }
}
