package io.postern.gateway.rules;

import io.postern.analytics.detect.Finding;
import io.postern.analytics.finding.Excuse;
import io.postern.analytics.flow.AppAssurance;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.Basis;
import io.postern.analytics.flow.DeviceAssurance;
import io.postern.analytics.flow.Protocol;
import io.postern.config.policy.Policy.Exemption;
import io.postern.config.policy.Policy.When;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The exceptions to analytics, as findings ask them: by the name a flow went by, the protocol and the port that its finding
 * tells. What was known of the device at the time is not at hand any more, so an exception that asks a fact excuses none
 * that was known.
 */
final class Excuses {

    private final Rules rules;

    Excuses(Rules rules) {
        this.rules = rules;
    }

    List<Excuse> all() {
        return rules.policy().exceptions().stream().map(this::excuse).toList();
    }

    private Excuse excuse(Exemption exemption) {
        When scope = exemption.scope();
        When whom = new When(
                scope.apps(),
                scope.categories(),
                scope.roles(),
                scope.groups(),
                scope.profiles(),
                scope.approved(),
                Set.of(),
                List.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                When.ANY.facts());
        return new Excuse(
                id(exemption),
                exemption.subject(),
                exemption.owner(),
                exemption.reason(),
                exemption
                        .until()
                        .plusDays(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .toEpochMilli(),
                asking(whom),
                asking(scope));
    }

    /** The same for as long as it says the same. */
    private static String id(Exemption exemption) {
        String text = String.join(
                "\n",
                exemption.subject(),
                exemption.owner(),
                exemption.reason(),
                exemption.until().toString(),
                new TreeSet<>(exemption.scope().apps()).toString(),
                new TreeSet<>(exemption.scope().destinations()).toString());
        return "exception-"
                + UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .substring(0, 8);
    }

    private Predicate<Finding> asking(When when) {
        Conditions conditions = new Conditions(when, true, Map.of());
        return finding -> {
            AppTag tag = new AppTag(
                    finding.key().device(),
                    finding.key().profile(),
                    finding.key().app(),
                    DeviceAssurance.NONE,
                    AppAssurance.NONE);
            // Where one UID holds several packages, what excuses one excuses only that one.
            return tag.shared()
                    ? tag.apps().stream().allMatch(app -> holds(conditions, question(finding, tag.of(app)), finding))
                    : holds(conditions, question(finding, tag), finding);
        };
    }

    private boolean holds(Conditions conditions, Question question, Finding finding) {
        Set<String> classes = rules.serviceClasses(question.verifiedName());
        return conditions.hold(new Asked(
                question,
                Optional.ofNullable(rules.policy().apps().get(question.tag().app())),
                classes,
                classes,
                rules.groups(finding.key().device()),
                Instant.ofEpochMilli(finding.atMillis()),
                FactSource.NOBODY));
    }

    private static Question question(Finding finding, AppTag tag) {
        // A detector that takes all hosts of a domain together says so with a star.
        String name =
                finding.destination().startsWith("*.") ? finding.destination().substring(2) : finding.destination();
        Optional<InetAddress> address = HostText.of(name) instanceof HostText.Literal literal
                ? Optional.of(literal.address())
                : Optional.empty();
        Optional<Protocol> protocol = finding.spoken().port() == 0
                ? Optional.empty()
                : Optional.of(finding.spoken().protocol());
        return new Question(
                tag,
                address.isPresent() ? Optional.empty() : Optional.of(name),
                Optional.empty(),
                address,
                finding.spoken().port(),
                protocol,
                Basis.BYTES);
    }
}
