package io.postern.gateway.facts;

import io.postern.analytics.context.ContextEvent.Health;
import io.postern.analytics.context.ContextEvent.Heartbeat;
import io.postern.analytics.context.ContextEvent.Installed;
import io.postern.analytics.context.ContextEvent.Interacted;
import io.postern.analytics.context.ContextEvent.Lifecycle;
import io.postern.analytics.context.ContextEvent.Locked;
import io.postern.analytics.context.ContextEvent.Owns;
import io.postern.analytics.context.ContextEvent.Removed;
import io.postern.analytics.context.ContextEvent.Said;
import io.postern.analytics.context.ContextEvent.Staged;
import io.postern.analytics.context.ContextEvent.StartedInBackground;
import io.postern.analytics.context.ContextEvent.UsedCrypto;
import io.postern.analytics.context.ContextEvent.UsedResource;
import io.postern.analytics.context.FactKind;
import io.postern.analytics.context.Truth;
import io.postern.config.grammar.Addresses;
import io.postern.wire.ip.AddressText;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of events and of their attributes, and what they say. */
final class Vocabulary {

    static final Labels<Lifecycle.State> STATES = new Labels<>(Lifecycle.State.class);
    static final Labels<StartedInBackground.Trigger> TRIGGERS =
            new Labels<>(StartedInBackground.Trigger.class).also("fgs", StartedInBackground.Trigger.FOREGROUND_SERVICE);
    static final Labels<UsedResource.Resource> RESOURCES = new Labels<>(UsedResource.Resource.class);
    static final Labels<UsedResource.Phase> PHASES = new Labels<>(UsedResource.Phase.class);
    static final Labels<UsedCrypto.Operation> OPERATIONS = new Labels<>(UsedCrypto.Operation.class);
    static final Labels<Staged.Location> LOCATIONS = new Labels<>(Staged.Location.class);
    static final Labels<Health.Risk> RISKS = new Labels<>(Health.Risk.class);
    static final Labels<FactKind> KINDS = new Labels<>(FactKind.class);

    static final String LOCK = "device.lock";
    static final String LIFECYCLE = "device.app.lifecycle";
    static final String INTERACTION = "device.user_interaction";
    static final String BACKGROUND_START = "app.background_start";
    static final String PROTECTED_RESOURCE = "app.protected_resource";
    static final String CRYPTO = "app.crypto";
    static final String STAGING = "app.staging";
    static final String INVENTORY = "app.inventory";
    static final String REMOVED = "app.removed";
    static final String POSTURE = "device.posture";
    static final String FLOW_OWNER = "flow.owner";
    static final String HEARTBEAT = "source.heartbeat";

    static final String APP_STATE = "android.app.state";

    private static final Map<String, List<String>> ATTRIBUTES = Map.ofEntries(
            Map.entry(LOCK, List.of("locked", "device.locked")),
            Map.entry(LIFECYCLE, List.of(APP_STATE)),
            Map.entry(INTERACTION, List.of()),
            Map.entry(REMOVED, List.of()),
            Map.entry(BACKGROUND_START, List.of("trigger")),
            Map.entry(PROTECTED_RESOURCE, List.of("resource", "phase")),
            Map.entry(CRYPTO, List.of("operation", "algorithm", "bytes")),
            Map.entry(STAGING, List.of("bytes", "entropy", "location")),
            Map.entry(
                    INVENTORY,
                    List.of(
                            "managed",
                            "approved",
                            "version_name",
                            "installer",
                            "signer_sha256",
                            "first_install_time",
                            "last_update_time",
                            "shared_uid_packages")),
            Map.entry(POSTURE, List.of("compliant", "risk", "security_patch")),
            Map.entry(FLOW_OWNER, List.of("protocol", "local_port", "remote_ip", "remote_port", "packages")),
            Map.entry(HEARTBEAT, List.of("reports")));

    private static final int MAX_TEXT = 128;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_ENTROPY = 8;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private Vocabulary() {}

    /** What an event of this name says; takes all its attributes. */
    static Said said(String event, Attributes attributes) throws Wrong {
        Said said =
                switch (event) {
                    case LOCK -> locked(attributes);
                    case LIFECYCLE -> new Lifecycle(attributes.word(APP_STATE, STATES));
                    case INTERACTION -> new Interacted();
                    case BACKGROUND_START -> new StartedInBackground(attributes.word("trigger", TRIGGERS));
                    case PROTECTED_RESOURCE ->
                        new UsedResource(attributes.word("resource", RESOURCES), attributes.word("phase", PHASES));
                    case CRYPTO ->
                        new UsedCrypto(
                                attributes.word("operation", OPERATIONS),
                                attributes.text("algorithm", MAX_TEXT).orElse(""),
                                attributes.number("bytes", 0, Long.MAX_VALUE));
                    case STAGING -> staged(attributes);
                    case INVENTORY -> installed(attributes);
                    case REMOVED -> new Removed();
                    case POSTURE -> health(attributes);
                    case FLOW_OWNER -> owns(attributes);
                    case HEARTBEAT -> heartbeat(attributes);
                    default -> throw new Wrong("/event", "there is no such event");
                };
        attributes.noneLeft();
        return said;
    }

    /** What an event is called that says this. */
    static String event(Said said) {
        if (said instanceof Heartbeat) {
            return HEARTBEAT;
        }
        if (said instanceof Removed) {
            return REMOVED;
        }
        return switch (said.kind()) {
            case LOCK -> LOCK;
            case APP_STATE -> LIFECYCLE;
            case INTERACTION -> INTERACTION;
            case BACKGROUND_START -> BACKGROUND_START;
            case PROTECTED_RESOURCE -> PROTECTED_RESOURCE;
            case CRYPTO -> CRYPTO;
            case STAGING -> STAGING;
            case INVENTORY -> INVENTORY;
            case POSTURE -> POSTURE;
            case FLOW_OWNER -> FLOW_OWNER;
        };
    }

    /** Whether there is an event of this name. */
    static boolean has(String event) {
        return ATTRIBUTES.containsKey(event);
    }

    /** Whether an event of this name may have such an attribute. */
    static boolean has(String event, String attribute) {
        return ATTRIBUTES.getOrDefault(event, List.of()).contains(attribute);
    }

    /** Whether it is told of one app, so that it must name one. */
    static boolean ofAnApp(Said said) {
        return said instanceof Lifecycle
                || said instanceof StartedInBackground
                || said instanceof UsedResource
                || said instanceof UsedCrypto
                || said instanceof Staged
                || said instanceof Installed
                || said instanceof Removed;
    }

    private static Said locked(Attributes attributes) throws Wrong {
        // As an agent that speaks OpenTelemetry's way would spell it.
        attributes.alias("device.locked", "locked");
        return new Locked(attributes.flag("locked"));
    }

    private static Said staged(Attributes attributes) throws Wrong {
        OptionalLong bytes = attributes.number("bytes", 0, Long.MAX_VALUE);
        if (bytes.isEmpty()) {
            throw Attributes.wrong("bytes", "is missing");
        }
        return new Staged(
                bytes.getAsLong(),
                attributes.decimal("entropy", 0, MAX_ENTROPY),
                attributes.word("location", LOCATIONS));
    }

    private static Said installed(Attributes attributes) throws Wrong {
        return new Installed(
                attributes.flag("managed"),
                attributes.flagIfSaid("approved"),
                attributes.text("version_name", MAX_TEXT).orElse(""),
                installer(attributes),
                signer(attributes),
                attributes.time("first_install_time"),
                attributes.time("last_update_time"),
                Set.copyOf(attributes.packages("shared_uid_packages")));
    }

    private static String installer(Attributes attributes) throws Wrong {
        String installer = attributes.text("installer", MAX_TEXT).orElse("");
        if (!installer.isEmpty() && !Names.app(installer)) {
            throw Attributes.wrong("installer", "must be a package");
        }
        return installer;
    }

    private static String signer(Attributes attributes) throws Wrong {
        String given = attributes.text("signer_sha256", MAX_TEXT).orElse("");
        String signer = given.toLowerCase(Locale.ROOT).replace(":", "");
        if (!signer.isEmpty() && !SHA256.matcher(signer).matches()) {
            throw Attributes.wrong("signer_sha256", "must be 64 hexadecimal digits");
        }
        return signer;
    }

    private static Said health(Attributes attributes) throws Wrong {
        Truth compliant = attributes.flagIfSaid("compliant").map(Truth::of).orElse(Truth.UNKNOWN);
        Health.Risk risk = attributes.has("risk") ? attributes.word("risk", RISKS) : Health.Risk.UNKNOWN;
        return new Health(
                compliant, risk, attributes.text("security_patch", MAX_TEXT).orElse(""));
    }

    private static Said owns(Attributes attributes) throws Wrong {
        String protocol = attributes.text("protocol", MAX_TEXT).orElse("");
        if (!protocol.equals("tcp") && !protocol.equals("udp")) {
            throw Attributes.wrong("protocol", "must be one of tcp, udp");
        }
        Optional<String> remote = attributes
                .text("remote_ip", MAX_TEXT)
                .flatMap(Addresses::address)
                .map(AddressText::of);
        if (remote.isEmpty()) {
            throw Attributes.wrong("remote_ip", "must be an address");
        }
        OptionalLong port = attributes.number("remote_port", 1, MAX_PORT);
        if (port.isEmpty()) {
            throw Attributes.wrong("remote_port", "is missing");
        }
        int localPort = (int) attributes.number("local_port", 1, MAX_PORT).orElse(0);
        List<String> packages = attributes.packages("packages");
        if (packages.isEmpty()) {
            throw Attributes.wrong("packages", "must have one at least");
        }
        return new Owns(protocol.equals("udp"), localPort, remote.get(), (int) port.getAsLong(), packages);
    }

    private static Said heartbeat(Attributes attributes) throws Wrong {
        Set<FactKind> reports = EnumSet.noneOf(FactKind.class);
        for (String label : attributes.texts("reports")) {
            reports.add(KINDS.of(label).orElseThrow(() -> Attributes.wrong("reports", "each " + KINDS.rule())));
        }
        return new Heartbeat(reports);
    }
}
