package io.postern.gateway;

import io.postern.analytics.finding.Explanation;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Step;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppKey;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.config.GatewaySettings;
import io.postern.config.services.ServiceClasses;
import io.postern.dns.names.PublicSuffixes;
import io.postern.gateway.admin.EvidenceDesk;
import io.postern.gateway.admin.InventoryDesk;
import io.postern.gateway.admin.Sender;
import io.postern.gateway.audit.AuditEntry.Outcome;
import io.postern.gateway.capture.CaptureFolder;
import io.postern.gateway.context.DeviceContexts;
import io.postern.gateway.coverage.Coverage;
import io.postern.gateway.coverage.CoverageBook;
import io.postern.gateway.evidence.Bundle;
import io.postern.gateway.evidence.DeviceMask;
import io.postern.gateway.evidence.FindingScope;
import io.postern.gateway.evidence.LogSearch;
import io.postern.gateway.evidence.PersonalNames;
import io.postern.gateway.evidence.SigningKey;
import io.postern.gateway.finding.FindingDesk;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.records.OcsfFinding;
import io.postern.gateway.rules.Judges;
import io.postern.gateway.state.StateFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Puts together what is known of a finding, and signs it. Reads files, so it has a thread of its own. */
final class EvidenceBundles implements EvidenceDesk {

    private static final Logger LOG = LoggerFactory.getLogger(EvidenceBundles.class);

    /** A second or two of reading: the whole answer has ten. */
    private static final long MOST_READ = 512L << 20;

    private static final long MOST_FLOW_BYTES = 24L << 20;
    private static final int MOST_UPDATES = 2_000;
    private static final int MOST_AUDIT = 2_000;
    private static final int MOST_DECISIONS = 2_000;
    private static final int MOST_HOURS = 24 * 90;
    private static final long MOST_TEXT = 4L << 20;
    private static final int LONGEST_ID = 255;

    /** An audit entry about it may come a while after its end. */
    private static final Duration AFTERWARDS = Duration.ofHours(1);

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /** What it is made of. */
    record Sources(
            GatewaySettings settings,
            FindingDesk findings,
            InventoryDesk inventory,
            Judges judges,
            Optional<DeviceContexts> contexts,
            Coverage coverage,
            CoverageBook hours,
            ServiceClasses services,
            AdminAudit audit,
            Pseudonyms names,
            Clock clock) {}

    private final Sources from;
    private final SigningKey key;
    private final EvidenceVersions versions;
    private final OcsfFinding ocsf;

    /** Whose profile is the person's own; of those less is told. */
    private final Predicate<String> personal;

    private final Optional<CaptureFolder> captures;

    EvidenceBundles(Sources from, Optional<CaptureFolder> captures, SigningKey key, Predicate<String> personal) {
        this.from = from;
        this.ocsf = new OcsfFinding(Version.text(), from.names::of);
        this.captures = captures;
        this.versions = new EvidenceVersions(from.settings, from.judges, from.services);
        this.key = key;
        this.personal = personal;
    }

    @Override
    public String publicKey() {
        return key.publicPem();
    }

    @Override
    public Result finding(String uid, Sender sender) {
        Optional<Kept> kept = from.findings.find(uid);
        if (kept.isEmpty()) {
            return nothing(refused(uid, sender) ? End.ABSENT : End.NOT_AUDITED);
        }
        if (!from.audit.told(sender, step(uid, Optional.empty()), Outcome.BEGUN)) {
            return nothing(End.NOT_AUDITED);
        }
        byte[] bundle;
        try {
            bundle = bundle(kept.get());
        } catch (IOException e) {
            LOG.error("evidence could not be put together finding={}: {}", uid, e.toString());
            return nothing(
                    from.audit.told(sender, step(uid, Optional.empty()), Outcome.FAILED)
                            ? End.FAILED
                            : End.NOT_AUDITED);
        }
        Optional<String> after = Optional.of("sha256 " + EvidenceVersions.sha256(List.of(bundle)));
        return from.audit.told(sender, step(uid, after), Outcome.APPLIED)
                ? new Result(End.DONE, bundle)
                : nothing(End.NOT_AUDITED);
    }

    @Override
    public boolean refused(String uid, Sender sender) {
        return from.audit.told(sender, step(named(uid), Optional.empty()), Outcome.REFUSED);
    }

    private static String named(String uid) {
        return uid.length() <= LONGEST_ID ? uid : uid.substring(0, LONGEST_ID);
    }

    private static AdminAudit.Step step(String uid, Optional<String> after) {
        return new AdminAudit.Step("evidence.export", "/v1/findings/" + uid + "/evidence", Optional.empty(), after);
    }

    private static Result nothing(End end) {
        return new Result(end, new byte[0]);
    }

    @Override
    public Result coverage() {
        Bundle bundle = new Bundle("coverage", "all");
        bundle.limit("hours", MOST_HOURS);
        try {
            bundle.add(
                    "coverage.json",
                    "what each analytic could see, by now",
                    JSON.writeValueAsBytes(from.coverage.report()));
            bundle.add(
                    "coverage-hours.ndjson",
                    "the same hour by hour, as long as it is kept",
                    lines(from.hours.hours(Instant.EPOCH, from.clock.instant(), MOST_HOURS)));
            return new Result(End.DONE, signed(bundle));
        } catch (IOException e) {
            LOG.error("coverage could not be put together: {}", e.toString());
            return nothing(End.FAILED);
        }
    }

    @Override
    public List<CaptureFolder.Capture> captures() {
        return captures.map(CaptureFolder::list).orElse(List.of());
    }

    @Override
    public Result capture(String uid, Sender sender) {
        AdminAudit.Step step = new AdminAudit.Step(
                "evidence.capture", "/v1/findings/" + named(uid) + "/capture", Optional.empty(), Optional.empty());
        try {
            Optional<byte[]> captured = captured(uid);
            if (!from.audit.told(sender, step, captured.isPresent() ? Outcome.APPLIED : Outcome.REFUSED)) {
                return nothing(End.NOT_AUDITED);
            }
            return captured.map(bytes -> new Result(End.DONE, bytes)).orElseGet(() -> nothing(End.ABSENT));
        } catch (IOException e) {
            LOG.error("a capture could not be read finding={}: {}", uid, e.toString());
            return nothing(from.audit.told(sender, step, Outcome.FAILED) ? End.FAILED : End.NOT_AUDITED);
        }
    }

    private byte[] signed(Bundle bundle) {
        return bundle.signed(
                key, from.clock.instant().truncatedTo(ChronoUnit.MILLIS).toString(), "Postern " + Version.text());
    }

    private byte[] bundle(Kept kept) throws IOException {
        Bundle bundle = new Bundle("finding", kept.uid());
        bundle.limit("flows", from.settings.evidence().flows());
        bundle.limit("decisions", MOST_DECISIONS);
        boolean own = personal.test(kept.finding().key().profile());
        PersonalNames names = new PersonalNames(PublicSuffixes.shipped()::registrable);

        JsonNode now = json(kept);
        bundle.add("finding.json", "the finding as it stands", bytes(own ? names.less(now) : now));
        DeviceMask mask = mask(kept);
        JsonNode words = JSON.valueToTree(Explanation.of(from.names.of(kept), from.findings.campaign(kept.campaign())));
        bundle.add("explanation.json", "the same in words", bytes(own ? names.less(words) : words));
        updates(kept, bundle, mask, own);
        List<JsonNode> flows = flows(kept, bundle, mask, own);
        facts(kept, flows, bundle);
        inventory(kept.finding().key(), bundle);
        bundle.add("versions.json", "of policy, baseline and lists", bytes(versions.of(kept, flows)));
        audit(kept, bundle, mask, own ? Optional.of(names) : Optional.empty());
        bundle.add(
                "coverage.json",
                "what each analytic could see, by now",
                JSON.writeValueAsBytes(from.coverage.report()));
        bundle.add(
                "coverage-hours.ndjson",
                "what each could see in the hours of the finding",
                lines(from.hours.hours(Instant.ofEpochMilli(kept.finding().firstMillis()), end(kept), MOST_HOURS)));
        Optional<byte[]> captured = captured(kept.uid());
        if (captured.isPresent()) {
            bundle.add("capture.pcapng", "what the app sent and received next", captured.get());
        }
        return signed(bundle);
    }

    private Optional<byte[]> captured(String uid) throws IOException {
        return captures.isPresent() ? captures.get().of(uid) : Optional.empty();
    }

    private Instant end(Kept kept) {
        long closed = kept.times().closedMillis();
        return closed > 0 ? Instant.ofEpochMilli(closed).plus(AFTERWARDS) : from.clock.instant();
    }

    private JsonNode json(Kept kept) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ocsf.write(kept, text);
        return JSON.readTree(text.toByteArray());
    }

    private void updates(Kept kept, Bundle bundle, DeviceMask mask, boolean own) throws IOException {
        GatewaySettings.RecordFile records = from.settings.records().findings();
        if (records.file().isEmpty()) {
            bundle.leaveOut("finding-updates.ndjson", "findings are not written down here");
            return;
        }
        LogSearch.Wanted wanted =
                line -> line.at("/finding_info/uid").asString("").equals(kept.uid());
        LogSearch.Found found = search(records, MOST_UPDATES, MOST_TEXT).find(wanted);
        found.missing().ifPresent(what -> bundle.leaveOut("finding-updates.ndjson", what));
        bundle.add("finding-updates.ndjson", "what was told of it, in order", lines(less(found.lines(), mask, own)));
    }

    private List<JsonNode> flows(Kept kept, Bundle bundle, DeviceMask mask, boolean own) throws IOException {
        GatewaySettings.RecordFile records = from.settings.records().flows();
        if (records.file().isEmpty()) {
            bundle.leaveOut("flows.ndjson", "flows are not written down here");
            return List.of();
        }
        FindingScope scope = new FindingScope(
                kept.finding(), from.names.all(kept.finding().key().device()), PublicSuffixes.shipped()::registrable);
        LogSearch.Wanted wanted = new LogSearch.Wanted() {
            @Override
            public boolean mayHave(byte[] bytes, int start, int to) {
                return scope.mayHave(bytes, start, to);
            }

            @Override
            public boolean test(JsonNode line) {
                return scope.has(line);
            }
        };
        LogSearch.Found found = search(records, from.settings.evidence().flows(), MOST_FLOW_BYTES)
                .find(wanted);
        found.missing().ifPresent(what -> bundle.leaveOut("flows.ndjson", what));
        bundle.add(
                "flows.ndjson",
                "the lines of its app's flows to its destination, and of those that name it",
                lines(less(found.lines(), mask, own)));
        return found.lines();
    }

    private static LogSearch search(GatewaySettings.RecordFile records, int lines, long bytes) {
        return new LogSearch(records.file().orElseThrow(), records.keep(), MOST_READ, lines, bytes);
    }

    private DeviceMask mask(Kept kept) {
        String device = kept.finding().key().device();
        return new DeviceMask(from.names.all(device), from.names.of(device));
    }

    /** By itself: a line names all that is to be mended in it. */
    private static List<JsonNode> less(List<JsonNode> lines, DeviceMask mask, boolean own) {
        return lines.stream()
                .map(line -> own ? new PersonalNames(PublicSuffixes.shipped()::registrable).less(line) : line)
                .map(mask::of)
                .toList();
    }

    /** At each step of the finding, and as each flow began. */
    private void facts(Kept kept, List<JsonNode> flows, Bundle bundle) {
        AppKey app = kept.finding().key();
        FactsThen facts = new FactsThen(
                from.contexts,
                new AppTag(app.device(), app.profile(), app.app(), DeviceAssurance.NONE, AppAssurance.NONE));
        List<JsonNode> told = new ArrayList<>();
        for (Step step : kept.story()) {
            told.add(facts.at(step.atMillis(), "finding " + step.kind().label()));
        }
        int first = Math.max(0, flows.size() - Math.max(0, MOST_DECISIONS - told.size()));
        if (first > 0) {
            bundle.leaveOut("facts.ndjson", "those of the first " + first + " flows; there may be " + MOST_DECISIONS);
        }
        for (JsonNode flow : flows.subList(first, flows.size())) {
            told.add(facts.at(
                    flow.path("start_time").asLong(),
                    "flow " + flow.at("/connection_info/uid").asString("") + " "
                            + flow.at("/unmapped/postern/verdict").asString("")));
        }
        bundle.add("facts.ndjson", "what is known of device and app at each decision, and how old it was", lines(told));
    }

    private void inventory(AppKey key, Bundle bundle) {
        List<InventoryDesk.Installed> installed = new ArrayList<>();
        for (String app :
                new AppTag(key.device(), key.profile(), key.app(), DeviceAssurance.NONE, AppAssurance.NONE).apps()) {
            installed.addAll(from.inventory.list(new InventoryDesk.Query(
                    Optional.of(key.device()),
                    Optional.of(key.profile()),
                    Optional.of(app),
                    Optional.empty(),
                    Optional.empty(),
                    1)));
        }
        installed.replaceAll(one -> one.of(from.names.of(one.device())));
        if (installed.isEmpty()) {
            bundle.leaveOut("inventory.json", "no source has told of this app on this device");
        } else {
            bundle.add("inventory.json", "the app as management told of it last", JSON.writeValueAsBytes(installed));
        }
    }

    private void audit(Kept kept, Bundle bundle, DeviceMask mask, Optional<PersonalNames> names) throws IOException {
        AuditScope scope = new AuditScope(
                kept.uid(),
                kept.finding().key(),
                mask,
                Instant.ofEpochMilli(kept.finding().firstMillis()),
                end(kept));
        LogSearch.Found found =
                new LogSearch(StateFiles.audit(from.settings), 0, MOST_READ, MOST_AUDIT, MOST_TEXT).find(scope::has);
        found.missing().ifPresent(what -> bundle.leaveOut("audit.ndjson", what));
        bundle.add(
                "audit.ndjson",
                "what people did: about the finding, its device and app; and changes of policy meanwhile",
                lines(found.lines().stream()
                        .map(line -> mask.of(names.map(each -> each.less(line)).orElse(line)))
                        .toList()));
    }

    private static byte[] bytes(JsonNode node) {
        return JSON.writeValueAsBytes(node);
    }

    private static byte[] lines(List<JsonNode> lines) {
        return LogSearch.text(lines);
    }
}
