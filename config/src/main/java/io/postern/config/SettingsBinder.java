package io.postern.config;

import io.postern.analytics.baseline.BaselineSettings;
import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.BookSettings;
import io.postern.config.GatewaySettings.Admin;
import io.postern.config.GatewaySettings.Baselines;
import io.postern.config.GatewaySettings.BlockedAnswer;
import io.postern.config.GatewaySettings.ClientCertificate;
import io.postern.config.GatewaySettings.Datagrams;
import io.postern.config.GatewaySettings.Dns;
import io.postern.config.GatewaySettings.Drain;
import io.postern.config.GatewaySettings.Limits;
import io.postern.config.GatewaySettings.PolicyFiles;
import io.postern.config.GatewaySettings.RecordFile;
import io.postern.config.GatewaySettings.Records;
import io.postern.config.GatewaySettings.RuntimeSettings;
import io.postern.config.GatewaySettings.Services;
import io.postern.config.GatewaySettings.Sniff;
import io.postern.config.GatewaySettings.State;
import io.postern.config.GatewaySettings.Transport;
import io.postern.config.GatewaySettings.Upstream;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From settings of the right shape to the tree of records; tells the texts that are not what they must be. */
final class SettingsBinder {

    private static final String NO_FILE = "none";
    private static final String SHIPPED = "shipped";
    private static final String MANAGED_POLICY = "policy.yaml";

    private final Setting root;
    private final Path base;
    private final Problems problems;
    private final NetworkTexts networks;
    private final FileTexts files;

    /** @param base where relative paths begin */
    SettingsBinder(Setting root, Path base, Problems problems) {
        this.root = root;
        this.base = base;
        this.problems = problems;
        this.networks = new NetworkTexts(problems);
        this.files = new FileTexts(base, root.member("state").member("dir"), problems);
    }

    GatewaySettings settings() {
        ListenerBinder listeners = new ListenerBinder(files, networks);
        return new GatewaySettings(
                root.member("listeners").items().stream()
                        .map(listeners::settings)
                        .toList(),
                root.member("collectors").items().stream().map(this::collector).toList(),
                root.find("context").map(new ContextBinder(files, networks)::settings),
                new IdentityBinder(files, networks, problems).settings(root.member("identity")),
                upstream(root.member("upstream")),
                dns(root.member("dns")),
                sniff(root.member("sniff")),
                datagrams(root.member("datagrams")),
                limits(root.member("limits")),
                policy(),
                services(root.member("services").member("file")),
                baselines(root.member("baselines")),
                new AnalyticsBinder(problems)
                        .settings(
                                root.member("analytics"),
                                root.member("findings").member("false-positive-budget")),
                findings(root.member("findings")),
                new EvidenceBinder(problems).settings(root.member("evidence")),
                new ResponseBinder(problems)
                        .settings(
                                root.member("response"),
                                root.member("response").find("webhook").map(this::webhook)),
                new ExceptionBinder(problems).settings(root.member("exceptions")),
                new PrivacySettings(
                        Set.copyOf(root.member("privacy")
                                .member("personal-profiles")
                                .texts()),
                        root.member("privacy").member("pseudonym-keys").items().stream()
                                .map(files::path)
                                .toList(),
                        root.member("privacy").find("url-paths").map(this::urlPaths)),
                new State(files.stateDir()),
                new Records(
                        recordFile(root.member("records").member("flows")),
                        recordFile(root.member("records").member("findings")),
                        recordFile(root.member("records").member("dns")),
                        root.member("records")
                                .member("audit")
                                .member("keep-for")
                                .duration()),
                admin(root.member("admin")),
                runtime(root.member("runtime")),
                drain(root.member("drain")));
    }

    private CollectorSettings collector(Setting collector) {
        Map<String, String> labels = new LinkedHashMap<>();
        collector.member("labels").members().forEach((label, app) -> labels.put(label, app.text()));
        return new CollectorSettings(
                collector.member("name").text(),
                constant(CollectorSettings.Protocol.class, collector.member("protocol")),
                networks.bind(collector.member("bind")),
                collector.member("devices").items().stream()
                        .map(device -> new CollectorSettings.Device(
                                networks.prefix(device.member("source")).orElse(""),
                                device.member("device").text(),
                                device.member("profile").text()))
                        .toList(),
                labels);
    }

    private Upstream upstream(Setting upstream) {
        return new Upstream(
                networks.prefixes(upstream.member("allow-networks")),
                networks.prefixes(upstream.member("deny-networks")),
                upstream.member("connect-timeout").duration(),
                upstream.member("idle-timeout").duration(),
                upstream.member("half-closed-timeout").duration(),
                upstream.member("dials-per-destination").integer(),
                networks.answers(upstream.member("hosts")));
    }

    private Dns dns(Setting dns) {
        DnsBinder parts = new DnsBinder(problems);
        return new Dns(
                networks.resolvers(dns.member("upstreams")),
                networks.bootstrap(dns.member("bootstrap")),
                dns.find("ca-file").map(files::path),
                dns.member("timeout").duration(),
                dns.member("cache-entries").integer(),
                dns.member("cache-size").size(),
                dns.member("serve-stale").duration(),
                dns.member("queries-per-second").integer(),
                dns.member("lookups").integer(),
                dns.member("lookups-per-device").integer(),
                constant(BlockedAnswer.class, dns.member("blocked")),
                networks.addresses(dns.member("sinkhole")),
                parts.answerLog(dns.member("answer-log")),
                parts.answers(dns));
    }

    private static Sniff sniff(Setting sniff) {
        return new Sniff(
                Math.toIntExact(sniff.member("max-bytes").size()),
                Math.toIntExact(sniff.member("max-hello-bytes").size()),
                sniff.member("timeout").duration(),
                sniff.member("server-first").duration(),
                sniff.member("memory").size());
    }

    private static Datagrams datagrams(Setting datagrams) {
        return new Datagrams(
                datagrams.member("sessions").integer(),
                datagrams.member("new-per-second").integer(),
                datagrams.member("idle-timeout").duration(),
                datagrams.member("unanswered-timeout").duration(),
                datagrams.member("amplification").integer());
    }

    private static Limits limits(Setting limits) {
        return new Limits(
                limits.member("flows").integer(),
                limits.member("flows-per-device").integer(),
                limits.member("clients-per-source").integer(),
                limits.member("request-memory").size(),
                limits.member("relay-memory").size(),
                limits.member("request-timeout").duration(),
                limits.member("tls-handshake-timeout").duration());
    }

    private PrivacySettings.UrlPaths urlPaths(Setting paths) {
        return new PrivacySettings.UrlPaths(
                paths.member("purpose").text(),
                paths.member("approver").text(),
                AnalyticsBinder.day(paths.member("until"), problems),
                paths.member("queries").flag());
    }

    private RecordFile recordFile(Setting flows) {
        Setting file = flows.member("file");
        if (!flows.member("keep-for").duration().isZero()
                && flows.member("keep").integer() == 0) {
            problems.at(
                    flows.member("keep-for"),
                    "needs keep to be 1 at least: what is set aside by age is kept as a file");
        }
        return new RecordFile(
                file.text().equals(NO_FILE) ? Optional.empty() : Optional.of(files.statePath(file)),
                flows.member("max-size").size(),
                flows.member("keep").integer(),
                flows.member("queue").integer(),
                flows.member("keep-for").duration());
    }

    /** Of a document whose other settings may be wrong. */
    PolicyFiles policy() {
        Setting policy = root.member("policy");
        return policy.member("managed").flag()
                ? new PolicyFiles(List.of(MANAGED_POLICY), files.stateDir().resolve("policy"), true)
                : new PolicyFiles(policy.member("files").texts(), base);
    }

    private Services services(Setting file) {
        return new Services(file.text().equals(SHIPPED) ? Optional.empty() : Optional.of(files.path(file)));
    }

    private static Baselines baselines(Setting baselines) {
        int entries = baselines.member("entries").integer();
        return new Baselines(
                baselines.member("learn").flag(),
                new BaselineSettings(
                        baselines.member("min-devices").integer(),
                        baselines.member("min-days").integer(),
                        baselines.member("unseen").duration(),
                        baselines.member("tainted-for").duration(),
                        BaselineSettings.DEFAULTS.subjects(),
                        BaselineSettings.DEFAULTS.entriesOfSubject(),
                        entries),
                baselines.member("review-after").duration());
    }

    private static BookSettings findings(Setting findings) {
        return new BookSettings(
                findings.member("entries").integer(),
                findings.member("keep").duration(),
                findings.member("suppress").duration(),
                findings.member("quiet").duration(),
                BookSettings.DEFAULTS.refused(),
                BookSettings.DEFAULTS.campaign());
    }

    private ResponseSettings.Webhook webhook(Setting webhook) {
        return new ResponseSettings.Webhook(
                networks.url(webhook.member("url")),
                files.path(webhook.member("secret-file")),
                webhook.find("ca-file").map(files::path),
                constant(Finding.Severity.class, webhook.member("severity")),
                webhook.member("give-up").duration(),
                webhook.member("timeout").duration(),
                webhook.member("queue").integer(),
                files.statePath(webhook.member("dead-letters")));
    }

    private Admin admin(Setting admin) {
        Optional<Path> tokens = admin.find("tokens-file").map(files::path);
        Path own = files.stateDir().resolve("admin");
        return new Admin(
                networks.bind(admin.member("bind")),
                admin.member("api").flag(),
                tokens.orElse(own.resolve("tokens")),
                tokens.isPresent() ? Optional.empty() : Optional.of(own.resolve("token")),
                admin.find("tls").map(files::tls),
                admin.find("client-certificates").map(Setting::items).orElse(List.of()).stream()
                        .map(SettingsBinder::clientCertificate)
                        .toList(),
                admin.member("hosts").texts(),
                admin.member("flow-events").integer(),
                admin.member("streams").integer());
    }

    private static ClientCertificate clientCertificate(Setting certificate) {
        return new ClientCertificate(
                certificate.member("name").text(),
                constant(AdminRole.class, certificate.member("role")),
                certificate.find("subject").map(Setting::text),
                certificate.find("san").map(Setting::text));
    }

    private static RuntimeSettings runtime(Setting runtime) {
        return new RuntimeSettings(
                constant(Transport.class, runtime.member("transport")),
                runtime.member("event-loops").integer(),
                runtime.member("detection-threads").integer());
    }

    private static Drain drain(Setting drain) {
        return new Drain(
                drain.member("delay").duration(), drain.member("timeout").duration());
    }

    static <E extends Enum<E>> E constant(Class<E> type, Setting setting) {
        return Enum.valueOf(type, setting.text().toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
