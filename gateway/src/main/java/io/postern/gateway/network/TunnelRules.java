package io.postern.gateway.network;

import io.postern.config.Bind;
import io.postern.wire.ip.AddressText;
import io.postern.wire.ip.Prefix;
import java.net.Inet6Address;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What leads the flows of a tunnel's interfaces to {@code transparent} listeners, as scripts of sh(1) with nft(8) and
 * ip(8):
 *
 * <pre>
 * nft   table inet postern   prerouting   TPROXY to the listener and the mark; what it does not take is refused here
 *                            forward      nothing passes from the tunnel or to it, whoever forwards on this host
 * ip    rule, route          what has the mark is delivered on this host, whatever address it is for
 * </pre>
 *
 * Fails closed: while nobody listens the TPROXY rules take nothing, and the packet meets the refusals behind them. The
 * nft part is one transaction that replaces the table, so running it again leaves no moment without it.
 *
 * @param interfaces of the tunnel, which need not exist yet
 * @param listeners where the flows go, each family to one of them at most
 * @param excluded networks that are reached past the gateway, by forwarding
 */
public record TunnelRules(List<String> interfaces, List<Listener> listeners, List<Prefix> excluded, Steering steering) {

    /** An interface's name: {@code IFNAMSIZ} less its NUL, and nothing that sh or nft would read otherwise. */
    public static final Pattern INTERFACE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}");

    /** Before those of other daemons (strongSwan's is 220): what has our mark is nobody else's. */
    private static final int PRIORITY = 150;

    private static final String TABLE = "inet postern";
    private static final List<Family> FAMILIES = List.of(new Family("-4", "ip"), new Family("-6", "ip6"));

    public TunnelRules {
        interfaces = interfaces.stream().distinct().toList();
        listeners = List.copyOf(listeners);
        excluded = widest(excluded);
    }

    /**
     * The numbers by which routing knows what TPROXY has taken.
     *
     * @param mark of packets, not zero
     * @param table of routes, of our own
     */
    public record Steering(int mark, int table) {

        /** The script that takes away what {@link TunnelRules#up} made and nothing else, once or again. */
        public String down() {
            StringBuilder script = new StringBuilder("set -eu\n");
            everyFamily(script, family -> {
                // ip fails where the table has never had a route.
                String ip = "ip " + family.option;
                return List.of(
                        "[ -z \"$(" + ip + " rule show " + rule() + ")\" ] || " + ip + " rule del " + rule(),
                        "[ -z \"$(" + ip + " route show exact default table " + table + " 2>/dev/null)\" ] || " + ip
                                + " route del " + route());
            });
            // Last: without the rules above nothing is taken, and until here nothing passes.
            return script.append("nft -f - <<'RULES'\n")
                    .append(emptied())
                    .append("RULES\n")
                    .toString();
        }

        private String rule() {
            return "priority " + PRIORITY + " fwmark " + hex() + " table " + table;
        }

        private String route() {
            return "local default dev lo table " + table;
        }

        private String hex() {
            return "0x" + Integer.toHexString(mark);
        }
    }

    /** The script that makes it so; what it made before is replaced. */
    public String up() {
        StringBuilder script = new StringBuilder("set -eu\nnft -f - <<'RULES'\n");
        script.append(emptied());
        script.append("table ").append(TABLE).append(" {\n");
        chain(script, "prerouting", "mangle", prerouting());
        chain(script, "forward", "filter", forward());
        script.append("}\nRULES\n");
        everyFamily(script, family -> {
            String ip = "ip " + family.option;
            return List.of(
                    ip + " route replace " + steering.route(),
                    "[ -n \"$(" + ip + " rule show " + steering.rule() + ")\" ] || " + ip + " rule add "
                            + steering.rule());
        });
        return script.toString();
    }

    private String prerouting() {
        StringBuilder rules = new StringBuilder();
        line(rules, "iifname != " + tunnels() + " accept");
        // What listens on this host is reached as without us: a resolver in the tunnel, and this gateway's other
        // listeners.
        line(rules, "fib daddr type { local, broadcast, multicast } accept");
        excluded(rules, "", "daddr");
        FAMILIES.forEach(family -> line(rules, lead(family)));
        // Not reset: while the gateway restarts, a client asks again.
        line(rules, "counter drop");
        return rules.toString();
    }

    private String lead(Family family) {
        Optional<Listener> found =
                listeners.stream().filter(listener -> listener.has(family)).findFirst();
        String ours = "meta nfproto " + family.nfproto() + " ";
        if (found.isEmpty()) {
            // Told at once, a client goes on by the other family.
            return ours + "meta l4proto { tcp, udp } counter reject";
        }
        Listener listener = found.get();
        String led = "meta l4proto " + (listener.udp ? "{ tcp, udp }" : "tcp") + " tproxy " + family.nft + " to "
                + listener.target() + " meta mark set " + steering.hex() + " counter accept";
        // Likewise a client of QUIC by TCP.
        return listener.udp ? led : led + "\n    " + ours + "meta l4proto udp counter reject";
    }

    private String forward() {
        StringBuilder rules = new StringBuilder();
        excluded(rules, "iifname " + tunnels() + " ", "daddr");
        excluded(rules, "oifname " + tunnels() + " ", "saddr");
        line(rules, "iifname " + tunnels() + " counter drop");
        line(rules, "oifname " + tunnels() + " counter drop");
        return rules.toString();
    }

    private void excluded(StringBuilder rules, String where, String end) {
        for (Family family : FAMILIES) {
            String networks = excluded.stream()
                    .filter(network -> family.six() == network.address() instanceof Inet6Address)
                    .map(Prefix::toString)
                    .collect(Collectors.joining(", "));
            if (!networks.isEmpty()) {
                line(rules, where + family.nft + " " + end + " { " + networks + " } accept");
            }
        }
    }

    private String tunnels() {
        return interfaces.stream().collect(Collectors.joining("\", \"", "{ \"", "\" }"));
    }

    /** nft takes no networks that overlap. */
    private static List<Prefix> widest(List<Prefix> networks) {
        return networks.stream()
                .distinct()
                .filter(network -> networks.stream()
                        .noneMatch(other -> other.length() < network.length() && other.contains(network.address())))
                .toList();
    }

    private static String emptied() {
        return "table " + TABLE + "\ndelete table " + TABLE + "\n";
    }

    private static void chain(StringBuilder script, String hook, String priority, String rules) {
        script.append("  chain ").append(hook).append(" {\n");
        line(script, "type filter hook " + hook + " priority " + priority + "; policy accept;");
        script.append(rules).append("  }\n");
    }

    private static void line(StringBuilder rules, String rule) {
        rules.append("    ").append(rule).append('\n');
    }

    /**
     * Where flows go.
     *
     * @param udp whether datagrams go there too
     */
    public record Listener(Bind bind, boolean udp) {

        /** A listener of [::] has IPv4 too. */
        boolean has(Family family) {
            boolean six = bind.address() instanceof Inet6Address;
            return family.six() == six || (six && bind.address().isAnyLocalAddress());
        }

        private String target() {
            String address = AddressText.of(bind.address());
            String host = bind.address() instanceof Inet6Address ? "[" + address + "]" : address;
            return (bind.address().isAnyLocalAddress() ? "" : host) + ":" + bind.port();
        }
    }

    /** How ip and nft call a family. */
    private record Family(String option, String nft) {
        boolean six() {
            return nft.equals("ip6");
        }

        String nfproto() {
            return six() ? "ipv6" : "ipv4";
        }
    }

    private interface Commands {
        List<String> of(Family family);
    }

    private static void everyFamily(StringBuilder script, Commands commands) {
        for (Family family : FAMILIES) {
            // A kernel without IPv6 has nothing of it to lead, and ip would fail.
            String indent = family.six() ? "  " : "";
            script.append(family.six() ? "if [ -e /proc/net/if_inet6 ]; then\n" : "");
            commands.of(family)
                    .forEach(each -> script.append(indent).append(each).append('\n'));
            script.append(family.six() ? "fi\n" : "");
        }
    }
}
