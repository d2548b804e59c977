package io.postern.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.analytics.baseline.Learner;
import io.postern.analytics.baseline.Subject;
import io.postern.analytics.finding.Campaign;
import io.postern.analytics.finding.ExcuseUse;
import io.postern.analytics.finding.Kept;
import io.postern.analytics.finding.Suppression;
import io.postern.gateway.capture.CaptureFolder;
import io.postern.gateway.coverage.Coverage;
import io.postern.gateway.http.Connections;
import io.postern.gateway.identity.OwnerWords;
import io.postern.gateway.meters.Meters;
import io.postern.gateway.privacy.Pseudonyms;
import io.postern.gateway.quarantine.KillSwitch;
import io.postern.gateway.quarantine.Quarantine;
import io.postern.gateway.records.OcsfFinding;
import io.postern.gateway.records.OcsfFlow;
import io.postern.gateway.shadow.Shadow;
import io.postern.wire.ip.Prefix;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The shipped description and the table of routes say the same. */
class OpenApiTest {

    /** Every operation can end so: not readable, a body where there is none, another name, a head too large. */
    private static final Set<Integer> OF_ALL = Set.of(400, 413, 421, 431);

    private static final Set<Integer> OF_KNOWN = Set.of(401, 403, 429);

    @Test
    void describesEveryRouteAndNoOther() {
        JsonNode document = document();
        TreeMap<String, Route> routes = new TreeMap<>();
        routes().forEach(route -> routes.put(route.method() + " " + route.path(), route));
        TreeSet<String> described = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (!ofContext(method.getValue())) {
                        described.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));

        assertThat(described).isEqualTo(routes.keySet());
        routes.forEach((name, route) -> same(
                document,
                route,
                document.get("paths")
                        .get(route.path())
                        .get(route.method().name().toLowerCase(Locale.ROOT))));
    }

    /** What the other listener serves, which has no table of routes. */
    private static boolean ofContext(JsonNode operation) {
        return operation.path("x-listener").asString("").equals("context");
    }

    private static void same(JsonNode document, Route route, JsonNode operation) {
        String name = route.method() + " " + route.path();
        assertThat(Optional.ofNullable(operation.get("x-role")).map(JsonNode::asString))
                .as(name + ": role")
                .isEqualTo(route.role().map(role -> role.label()));
        assertThat(operation.has("security"))
                .as(name + ": open")
                .isEqualTo(route.role().isEmpty());
        assertThat(operation
                        .path("parameters")
                        .valueStream()
                        .filter(parameter -> parameter.path("in").asString("").equals("query"))
                        .map(parameter -> parameter.get("name").asString()))
                .as(name + ": parameters")
                .containsExactlyInAnyOrderElementsOf(route.parameters());
        assertThat(operation.path("requestBody").path("content").propertyNames())
                .as(name + ": body")
                .containsExactlyElementsOf(route.takes().stream().toList());
        assertThat(operation.get("responses").propertyNames().stream().map(Integer::valueOf))
                .as(name + ": answers")
                .containsExactlyInAnyOrderElementsOf(answers(route));
        if (!route.makes().isEmpty()) {
            assertThat(operation.at("/responses/200/content").propertyNames())
                    .as(name + ": types")
                    .containsExactlyElementsOf(route.makes());
        }
        assertThat(document.at("/components/schemas").isObject()).isTrue();
    }

    private static Set<Integer> answers(Route route) {
        Stream<Integer> known = route.role().isPresent() ? OF_KNOWN.stream() : Stream.of();
        Stream<Integer> types = Stream.concat(
                route.makes().isEmpty() ? Stream.of() : Stream.of(406),
                route.takes().isEmpty() ? Stream.of() : Stream.of(415, 417));
        return Stream.of(OF_ALL.stream(), known, types, route.answers().stream())
                .flatMap(each -> each)
                .collect(Collectors.toSet());
    }

    private static List<Route> routes() {
        Meters meters = new Meters();
        FlowFeed feed = new FlowFeed(16, 0);
        OcsfFlow ocsf = new OcsfFlow("0");
        EventStreams streams = new EventStreams(1, new Connections(1, Duration.ofSeconds(1)), new LongAdder());
        List<Route> all = new ArrayList<>(Routes.health(new Health()));
        all.add(Routes.metrics(meters));
        all.addAll(Routes.known(
                new PolicyPages(new NoPolicy(), new Work(Runnable::run)),
                new AddressPages(new NoAddresses(), new Work(Runnable::run)),
                new BaselinePages(new NoBaselines(), new Work(Runnable::run)),
                new InventoryPages(new NoInventory(), new Work(Runnable::run)),
                new QuarantinePages(new NoQuarantine(), new Work(Runnable::run)),
                new KillSwitchPages(new NoQuarantine(), new Work(Runnable::run)),
                new CoveragePages(new Coverage(
                        Optional.empty(), Optional.empty(), Set.of(), (fact, known) -> {}, Clock.systemUTC())),
                new ShadowPages(new Shadow(Clock.systemUTC()), new Work(Runnable::run), Pseudonyms.NONE),
                new FindingPages(
                        new NoFindings(),
                        new FindingFeed(1, 0),
                        streams,
                        new OcsfFinding("0"),
                        new Work(Runnable::run)),
                new EvidencePages(new NoEvidence(), new Work(Runnable::run)),
                new ExplainPages(
                        new NoFindings(),
                        feed,
                        (filter, before, limit) -> CompletableFuture.completedStage(List.of()),
                        new Work(Runnable::run)),
                new FlowPages(
                        feed, (filter, before, limit) -> CompletableFuture.completedStage(List.of()), streams, ocsf),
                new DevicePages(new NoDevices(), new Work(Runnable::run))));
        return all;
    }

    /** Nobody asks it. */
    private static final class NoDevices implements DeviceDesk {

        @Override
        public CompletableFuture<Optional<Forgotten>> forget(String device, String reason, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean notForgotten(Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Resolved resolve(String pseudonym, String reason, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean refused(Sender sender) {
            throw new UnsupportedOperationException();
        }
    }

    /** Nobody asks it. */
    private static final class NoPolicy implements PolicyDesk {
        @Override
        public Shown show() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean managed() {
            return false;
        }

        @Override
        public PolicyDesk.Result tryOut(byte[] document) {
            throw new UnsupportedOperationException();
        }

        @Override
        public PolicyDesk.Result replace(byte[] document, Optional<Set<String>> ifMatch, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean refused(Sender sender) {
            throw new UnsupportedOperationException();
        }
    }

    /** Nobody asks it either. */
    private static final class NoEvidence implements EvidenceDesk {
        @Override
        public EvidenceDesk.Result finding(String uid, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public EvidenceDesk.Result coverage() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<CaptureFolder.Capture> captures() {
            throw new UnsupportedOperationException();
        }

        @Override
        public EvidenceDesk.Result capture(String uid, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String publicKey() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean refused(String uid, Sender sender) {
            throw new UnsupportedOperationException();
        }
    }

    /** Nobody asks this one. */
    private static final class NoQuarantine implements QuarantineDesk {
        @Override
        public List<Quarantine> all() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Quarantine> find(String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public QuarantineDesk.Result contain(QuarantineBody body, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public QuarantineDesk.Result release(String id, String reason, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public KillSwitch killSwitch() {
            throw new UnsupportedOperationException();
        }

        @Override
        public QuarantineDesk.End turn(KillSwitchBody body, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean refused(QuarantineDesk.Change change, String tail, Sender sender) {
            throw new UnsupportedOperationException();
        }
    }

    /** Nobody asks it either. */
    private static final class NoAddresses implements AddressDesk {
        @Override
        public List<Address> list(Optional<String> device, Optional<AddressCursor> after, int most) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AddressDesk.Result assign(Prefix prefix, OwnerWords owner, Optional<Duration> ttl, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AddressDesk.Result release(Prefix prefix, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean refused(boolean release, String prefix, Sender sender) {
            throw new UnsupportedOperationException();
        }
    }

    /** Nor this one. */
    private static final class NoBaselines implements BaselineDesk {
        @Override
        public SortedSet<Subject> subjects() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Learner.View> view(Subject subject) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BaselineDesk.Result decide(BaselineBody body, boolean approve, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BaselineDesk.Took take(BaselineShare share, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<byte[]> share(Subject subject) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean shared(List<Subject> subjects, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean notTaken(String subject, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean refused(boolean approve, String subject, Sender sender) {
            throw new UnsupportedOperationException();
        }
    }

    /** Nor this. */
    private static final class NoInventory implements InventoryDesk {
        @Override
        public List<Installed> list(Query query) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Reports reports() {
            throw new UnsupportedOperationException();
        }
    }

    /** Nor these. */
    private static final class NoFindings implements FindingReviews {
        @Override
        public Optional<String> does(Kept kept) {
            return Optional.empty();
        }

        @Override
        public Map<String, String> demoted() {
            return Map.of();
        }

        @Override
        public List<Kept> list(Predicate<Kept> wanted, long before, int most) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Kept> find(String uid) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Campaign> campaigns() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Campaign> campaign(String uid) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<ExcuseUse> exceptions() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Suppression> suppressions() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FindingReviews.Result review(String uid, FindingBody body, OptionalLong version, Sender sender) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean refused(String uid, Sender sender) {
            throw new UnsupportedOperationException();
        }
    }

    static JsonNode document() {
        try (@Nullable InputStream in = OpenApi.class.getResourceAsStream("openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("not shipped");
            }
            return YAMLMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
