package io.postern.config;

import io.postern.config.ResponseSettings.Quarantine;
import io.postern.config.ResponseSettings.Reachable;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import io.postern.config.grammar.Addresses;
import io.postern.dns.names.DomainPattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code response}: from settings of the right shape to records. */
final class ResponseBinder {

    private final Problems problems;
    private final NetworkTexts networks;

    ResponseBinder(Problems problems) {
        this.problems = problems;
        this.networks = new NetworkTexts(problems);
    }

    ResponseSettings settings(Setting response, Optional<ResponseSettings.Webhook> webhook) {
        Setting quarantine = response.member("quarantine");
        Quarantine read = new Quarantine(
                quarantine.member("ttl").duration(),
                quarantine.member("longest").duration(),
                quarantine.member("per-hour").integer(),
                quarantine.member("entries").integer(),
                quarantine.member("help").text(),
                reachable(quarantine.member("allow")),
                networks.addresses(quarantine.member("resolvers")),
                quarantine.member("keep-for").duration());
        if (read.ttl().compareTo(read.longest()) > 0) {
            problems.at(quarantine.member("ttl"), "is longer than response.quarantine.longest");
        }
        if (read.help().chars().anyMatch(Character::isISOControl)) {
            problems.at(quarantine.member("help"), "must be one line without control characters");
        }
        return new ResponseSettings(
                response.member("kill-switch").flag(), reachable(response.member("never-break")), read, webhook);
    }

    private List<Reachable> reachable(Setting list) {
        return list.items().stream().map(this::one).toList();
    }

    private Reachable one(Setting reachable) {
        return new Reachable(
                Set.copyOf(reachable.member("apps").texts()),
                reachable.member("hosts").items().stream()
                        .flatMap(host -> host(host).stream())
                        .toList(),
                reachable.member("ports").items().stream()
                        .map(Setting::integer)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private Optional<String> host(Setting setting) {
        if (Addresses.prefix(setting.text()).isPresent()) {
            return networks.prefix(setting);
        }
        Optional<String> pattern = DomainPattern.parse(setting.text()).map(DomainPattern::toString);
        if (pattern.isEmpty()) {
            problems.at(
                    setting,
                    "'" + setting.text()
                            + "' is not a destination, must be such as acme.example, *.acme.example, 192.0.2.0/24");
        }
        return pattern;
    }
}
