package io.postern.config;

import io.postern.config.document.Problems;
import io.postern.config.document.Setting;
import io.postern.config.grammar.Addresses;
import io.postern.config.grammar.Addresses.Prefix;
import io.postern.config.grammar.HostPort;
import io.postern.dns.resolve.UpstreamText;
import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.HostText;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Addresses, prefixes, hosts and ports of the settings file; what is not one is told and left out. */
final class NetworkTexts {

    /** Stands in for what was refused. */
    private static final Bind NOWHERE = new Bind(InetAddress.getLoopbackAddress(), 0);

    private static final String SYSTEM = "system";

    private final Problems problems;

    NetworkTexts(Problems problems) {
        this.problems = problems;
    }

    Bind bind(Setting setting) {
        HostPort parts = HostPort.split(setting.text());
        Optional<InetAddress> address = Addresses.address(parts.host());
        Optional<Integer> port = parts.port().flatMap(Addresses::port);
        if (parts.port().isEmpty()) {
            problems.at(setting, "'" + setting.text() + "' has no port, must be address:port");
        } else if (port.isEmpty()) {
            problems.at(setting, "'" + parts.port().get() + "' is not a port");
        }
        if (address.isEmpty()) {
            problems.at(setting, "'" + parts.host() + "' is not an address; 0.0.0.0 and [::] listen on all");
        }
        return address.isPresent() && port.isPresent() ? new Bind(address.get(), port.get()) : NOWHERE;
    }

    /** Where something is told that not everybody may read: over TLS, or on this machine. */
    URI url(Setting setting) {
        try {
            URI url = new URI(setting.text());
            String host = url.getHost();
            if (host == null || url.getRawUserInfo() != null) {
                problems.at(setting, "'" + setting.text() + "' has no host, must be https://HOST[:PORT]/PATH");
            } else if (!"https".equals(url.getScheme()) && !loopback(host)) {
                problems.at(setting, "is not encrypted, must be https unless its host is a loopback address");
            }
            return url;
        } catch (URISyntaxException e) {
            problems.at(setting, "'" + setting.text() + "' is not a URL: " + e.getReason());
            return URI.create("https://invalid");
        }
    }

    private static boolean loopback(String host) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return Addresses.address(bare).filter(InetAddress::isLoopbackAddress).isPresent();
    }

    List<String> prefixes(Setting list) {
        return list.items().stream().flatMap(item -> prefix(item).stream()).toList();
    }

    Optional<String> prefix(Setting setting) {
        Optional<Prefix> prefix = Addresses.prefix(setting.text());
        if (prefix.isEmpty()) {
            problems.at(setting, "'" + setting.text() + "' is not a prefix, must be such as 10.0.0.0/8 or fd00::/8");
            return Optional.empty();
        }
        Prefix network = prefix.get().network();
        if (!network.equals(prefix.get())) {
            problems.at(setting, "'" + setting.text() + "' has bits beyond its length, must be " + network);
        }
        return prefix.map(Prefix::toString);
    }

    /** Hosts with or without a port: names in lower case, addresses as {@link AddressText} has them, IPv6 in brackets. */
    List<String> hosts(Setting list) {
        return list.items().stream()
                .flatMap(item -> host(item, item.text()).stream())
                .toList();
    }

    private Optional<String> host(Setting setting, String text) {
        HostPort parts = HostPort.split(text);
        Optional<String> host = canonical(parts.host());
        if (host.isEmpty()) {
            problems.atKey(
                    setting,
                    "'" + parts.host()
                            + "' is not a host, must be a name of letters, digits, hyphens and dots, or an address");
            return Optional.empty();
        }
        return port(setting, parts).map(port -> host.get() + port);
    }

    /** {@code :port}, or nothing when there is none; empty when it is not a port. */
    private Optional<String> port(Setting setting, HostPort parts) {
        if (parts.port().isEmpty()) {
            return Optional.of("");
        }
        Optional<Integer> port = parts.port().flatMap(Addresses::port).filter(number -> number > 0);
        if (port.isEmpty()) {
            problems.atKey(setting, "'" + parts.port().get() + "' is not a port");
        }
        return port.map(number -> ":" + number);
    }

    private static Optional<String> canonical(String host) {
        return Addresses.address(host)
                .map(NetworkTexts::literal)
                .or(() ->
                        HostText.of(host) instanceof HostText.Name name ? Optional.of(name.name()) : Optional.empty());
    }

    private static String literal(InetAddress address) {
        String text = AddressText.of(address);
        return text.contains(":") ? "[" + text + "]" : text;
    }

    /** {@code upstream.hosts}: names to the addresses that answer for them. */
    Map<String, List<String>> answers(Setting hosts) {
        Map<String, List<String>> answers = new LinkedHashMap<>();
        hosts.members()
                .forEach((name, value) -> host(value, name).ifPresent(canonical -> {
                    if (answers.put(
                                    canonical,
                                    value.each().stream()
                                            .flatMap(item -> answer(item).stream())
                                            .toList())
                            != null) {
                        problems.atKey(value, "is given twice, in other letters");
                    }
                }));
        return answers;
    }

    private Optional<String> answer(Setting setting) {
        HostPort parts = HostPort.split(setting.text());
        Optional<InetAddress> address = Addresses.address(parts.host());
        if (address.isEmpty()) {
            problems.at(setting, "'" + setting.text() + "' is not an address, must be address or address:port");
            return Optional.empty();
        }
        return port(setting, parts)
                .map(port -> port.isEmpty() ? AddressText.of(address.get()) : literal(address.get()) + port);
    }

    List<InetAddress> addresses(Setting list) {
        return list.items().stream().flatMap(item -> address(item).stream()).toList();
    }

    private Optional<InetAddress> address(Setting setting) {
        Optional<InetAddress> address = Addresses.address(setting.text());
        if (address.isEmpty()) {
            problems.at(setting, "'" + setting.text() + "' is not an address, must be such as 0.0.0.0 or ::");
        }
        return address;
    }

    List<String> resolvers(Setting list) {
        return list.items().stream().flatMap(item -> resolver(item).stream()).toList();
    }

    private Optional<String> resolver(Setting setting) {
        if (setting.text().equals(SYSTEM)) {
            return Optional.of(SYSTEM);
        }
        if (!setting.text().contains("://")) {
            return answer(setting);
        }
        if (UpstreamText.parse(setting.text()).isEmpty()) {
            problems.at(
                    setting,
                    "'" + setting.text() + "' is no resolver, must be system, address[:port], tls://HOST[:PORT] or"
                            + " https://HOST[:PORT]/PATH");
            return Optional.empty();
        }
        return Optional.of(setting.text());
    }

    /** {@code dns.bootstrap}: names of resolvers to their addresses. */
    Map<String, List<InetAddress>> bootstrap(Setting names) {
        Map<String, List<InetAddress>> addresses = new LinkedHashMap<>();
        names.members().forEach((name, value) -> {
            if (HostText.of(name) instanceof HostText.Name good) {
                addresses.put(
                        good.name(),
                        value.each().stream()
                                .flatMap(item -> address(item).stream())
                                .toList());
            } else {
                problems.atKey(value, "is not the name of a host");
            }
        });
        return addresses;
    }
}
