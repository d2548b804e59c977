package io.postern.config;

import io.postern.analytics.Verdict;
import io.postern.analytics.attack.Analytic;
import io.postern.analytics.attack.ApplicationLayerProtocol;
import io.postern.analytics.attack.EncryptedChannel;
import io.postern.analytics.attack.FiveAnalytics;
import io.postern.analytics.attack.NonStandardPort;
import io.postern.analytics.attack.Settings;
import io.postern.analytics.attack.WebProtocols;
import io.postern.analytics.attack.WebService;
import io.postern.analytics.flow.Protocol;
import io.postern.config.AnalyticsSettings.Budget;
import io.postern.config.AnalyticsSettings.Enforcing;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import io.postern.config.grammar.Nearest;
import io.postern.config.policy.Policy.Mode;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** From {@code analytics} to what the five are made with: MITRE's knobs, modes, and what findings do. */
final class AnalyticsBinder {

    private static final Map<String, Protocol> PROTOCOLS = Stream.of(Protocol.values())
            .filter(protocol -> protocol != Protocol.UNKNOWN)
            .collect(Collectors.toUnmodifiableMap(Protocol::label, protocol -> protocol));

    private final Problems problems;

    AnalyticsBinder(Problems problems) {
        this.problems = problems;
    }

    AnalyticsSettings settings(Setting analytics, Setting budget) {
        Map<String, Mode> modes = new LinkedHashMap<>();
        Map<String, Enforcing> enforcing = new LinkedHashMap<>();
        for (Analytic each : FiveAnalytics.all(Settings.DEFAULTS)) {
            Setting analytic = analytics.member(each.id());
            modes.put(each.id(), mode(analytic.member("mode")));
            enforcing.put(each.id(), enforcing(analytic));
        }
        Set<String> off =
                modes.keySet().stream().filter(id -> modes.get(id) == Mode.OFF).collect(Collectors.toUnmodifiableSet());
        return new AnalyticsSettings(
                modes,
                new Settings(
                        webService(analytics.member("AN1770")),
                        applicationLayer(analytics.member("AN1793")),
                        nonStandardPort(analytics.member("AN1827")),
                        webProtocols(analytics.member("AN1681")),
                        encryptedChannel(analytics.member("AN1716")),
                        off,
                        Settings.DEFAULTS.devices(),
                        Settings.DEFAULTS.findings(),
                        Settings.DEFAULTS.state()),
                enforcing,
                new Budget(
                        budget.member("share").share(), budget.member("answers").integer()),
                analytics.member("keys").integer());
    }

    private Enforcing enforcing(Setting analytic) {
        return new Enforcing(
                Verdict.Action.valueOf(analytic.member("action").text().toUpperCase(Locale.ROOT)),
                analytic.member("throttle-rate").size(),
                analytic.member("enforce-coverage").share(),
                analytic.find("enforce-without")
                        .map(without -> new AnalyticsSettings.Waiver(
                                without.member("reason").text(),
                                without.member("approver").text(),
                                day(without.member("until"), problems))));
    }

    /** One in the past when it cannot be read, which is told. */
    static LocalDate day(Setting setting, Problems problems) {
        try {
            return LocalDate.parse(setting.text());
        } catch (DateTimeParseException e) {
            problems.at(setting, "'" + setting.text() + "' is not a day of the calendar");
            return LocalDate.EPOCH;
        }
    }

    private static Mode mode(Setting mode) {
        return Mode.valueOf(mode.text().toUpperCase(Locale.ROOT));
    }

    private static WebService.Settings webService(Setting knobs) {
        return new WebService.Settings(
                knobs.member("TimeWindow").duration(),
                texts(knobs.member("AllowedAppList")),
                texts(knobs.member("AllowedServiceClasses")),
                knobs.member("RecentUserInteractionWindow").duration(),
                knobs.member("BeaconIntervalTolerance").share(),
                knobs.member("UplinkBytesThreshold").size(),
                knobs.member("ForegroundStateRequired").flag());
    }

    private static ApplicationLayerProtocol.Settings applicationLayer(Setting knobs) {
        return new ApplicationLayerProtocol.Settings(
                knobs.member("BeaconIntervalVarianceThreshold").share(),
                knobs.member("ConnectionFrequencyThreshold").integer(),
                knobs.member("PayloadEntropyThreshold").share(),
                ApplicationLayerProtocol.Settings.DEFAULTS.recentUserInteractionWindow());
    }

    private NonStandardPort.Settings nonStandardPort(Setting knobs) {
        return new NonStandardPort.Settings(
                mappings(knobs.member("AllowedProtocolPortMappings")),
                texts(knobs.member("AllowedAppList")),
                knobs.member("TimeWindow").duration(),
                knobs.member("RecentUserInteractionWindow").duration(),
                knobs.member("BeaconIntervalTolerance").share());
    }

    private static WebProtocols.Settings webProtocols(Setting knobs) {
        return new WebProtocols.Settings(
                knobs.member("BeaconIntervalVarianceThreshold").share(),
                knobs.member("PayloadSymmetryThreshold").integer(),
                WebProtocols.Settings.DEFAULTS.recentUserInteractionWindow());
    }

    private static EncryptedChannel.Settings encryptedChannel(Setting knobs) {
        return new EncryptedChannel.Settings(
                knobs.member("TimeWindow").duration(),
                knobs.member("EntropyThreshold").share(),
                texts(knobs.member("AllowedCryptoApps")),
                knobs.member("BeaconIntervalVariance").share(),
                EncryptedChannel.Settings.DEFAULTS.uplinkBytes(),
                EncryptedChannel.Settings.DEFAULTS.recentUserInteractionWindow());
    }

    private static Set<String> texts(Setting list) {
        return Set.copyOf(list.texts());
    }

    private Map<Protocol, Set<Integer>> mappings(Setting mappings) {
        Map<Protocol, Set<Integer>> ports = new EnumMap<>(Protocol.class);
        mappings.members().forEach((label, list) -> {
            Optional<Protocol> protocol = Optional.ofNullable(PROTOCOLS.get(label));
            if (protocol.isEmpty()) {
                String hint = Nearest.to(label, PROTOCOLS.keySet())
                        .map(name -> " (did you mean " + name + "?)")
                        .orElse("");
                problems.atKey(list, "'" + label + "' is not a protocol" + hint);
            }
            protocol.ifPresent(known -> ports.put(
                    known, list.items().stream().map(Setting::integer).collect(Collectors.toUnmodifiableSet())));
        });
        return ports;
    }
}
