package io.postern.config.policy;

import io.postern.analytics.flow.Protocol;
import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import io.postern.config.grammar.Addresses;
import io.postern.config.grammar.Addresses.Prefix;
import io.postern.config.grammar.Nearest;
import io.postern.config.policy.Policy.PortRange;
import io.postern.dns.names.DomainPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Destinations, protocols, ports, packages and profiles of a policy; what is not one is told and left out. */
final class PolicyTexts {

    /** Of a package, in characters; what Android takes is as long as a file's name may be. */
    static final int MAX_PACKAGE = 255;

    private static final Pattern PACKAGE = Pattern.compile("-|[A-Za-z][A-Za-z0-9_]*+(?:\\.[A-Za-z0-9_]++)*+");

    private static final Pattern PROFILE = Pattern.compile("[A-Za-z0-9-]{1,16}");
    private static final Map<String, Protocol> PROTOCOLS =
            Stream.of(Protocol.values()).collect(Collectors.toUnmodifiableMap(Protocol::label, protocol -> protocol));

    private final Problems problems;

    PolicyTexts(Problems problems) {
        this.problems = problems;
    }

    /** Domain patterns in lower case, and prefixes. */
    List<String> destinations(Setting list) {
        return each(list, this::destination);
    }

    private Optional<String> destination(Setting setting) {
        String text = setting.text();
        Optional<Prefix> prefix = Addresses.prefix(text);
        if (prefix.isPresent()) {
            Prefix network = prefix.get().network();
            if (!network.equals(prefix.get())) {
                problems.at(setting, "'" + text + "' has bits beyond its length, must be " + network);
            }
            return prefix.map(Prefix::toString);
        }
        Optional<String> pattern = DomainPattern.parse(text).map(DomainPattern::toString);
        if (pattern.isEmpty()) {
            problems.at(
                    setting,
                    "'" + text + "' is not a destination, must be such as acme.example, *.acme.example, 192.0.2.0/24");
        }
        return pattern;
    }

    Set<Protocol> protocols(Setting list) {
        return Set.copyOf(each(list, item -> protocol(item, item.text())));
    }

    Optional<Protocol> protocol(Setting setting, String label) {
        Optional<Protocol> protocol = Optional.ofNullable(PROTOCOLS.get(label));
        if (protocol.isEmpty()) {
            String hint = Nearest.to(label, PROTOCOLS.keySet().stream().sorted().toList())
                    .map(name -> " (did you mean " + name + "?)")
                    .orElse("");
            problems.atKey(setting, "'" + label + "' is not a protocol" + hint);
        }
        return protocol;
    }

    List<PortRange> ports(Setting list) {
        return each(list, this::port);
    }

    private Optional<PortRange> port(Setting setting) {
        if (setting.value().isIntegralNumber()) {
            return Optional.of(new PortRange(setting.integer(), setting.integer()));
        }
        String[] ends = setting.text().split("-", -1);
        Optional<Integer> first = Addresses.port(ends[0]).filter(port -> port > 0);
        Optional<Integer> last = Addresses.port(ends[1]);
        if (first.isEmpty() || last.isEmpty() || first.get() > last.get()) {
            problems.at(setting, "'" + setting.text() + "' is not a range of ports, must be such as 8000-8999");
            return Optional.empty();
        }
        return Optional.of(new PortRange(first.get(), last.get()));
    }

    List<String> packages(Setting list) {
        return matching(list, PolicyTexts::isPackage, "a package");
    }

    List<String> profiles(Setting list) {
        return matching(list, name -> PROFILE.matcher(name).matches(), "a profile");
    }

    /** The length comes first: matching takes a stack as deep as the name has parts. */
    static boolean isPackage(String name) {
        return name.length() <= MAX_PACKAGE && PACKAGE.matcher(name).matches();
    }

    private List<String> matching(Setting list, Predicate<String> right, String what) {
        for (Setting item : list.each()) {
            if (!right.test(item.text())) {
                problems.at(item, "'" + item.text() + "' is not " + what);
            }
        }
        return list.texts();
    }

    /** Most lists of a large policy are empty or have one item. */
    private static <T> List<T> each(Setting list, Function<Setting, Optional<T>> read) {
        List<Setting> items = list.each();
        if (items.isEmpty()) {
            return List.of();
        }
        List<T> texts = new ArrayList<>(items.size());
        items.forEach(item -> read.apply(item).ifPresent(texts::add));
        return List.copyOf(texts);
    }

    /** What an exception lifts: exactly one thing. */
    String subject(Setting exception) {
        Optional<Setting> rule = exception.find("rule");
        Optional<Setting> analytic = exception.find("analytic");
        if (rule.isPresent() == analytic.isPresent()) {
            problems.at(
                    exception,
                    rule.isPresent()
                            ? "has both rule and analytic, must have one"
                            : "has neither rule nor analytic, must have one");
        }
        return rule.or(() -> analytic).map(Setting::text).orElse("");
    }
}
