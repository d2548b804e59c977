package io.postern.gateway.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.Bind;
import io.postern.config.grammar.Addresses;
import io.postern.gateway.network.TunnelRules.Listener;
import io.postern.gateway.network.TunnelRules.Steering;
import io.postern.wire.ip.Prefix;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The scripts as text; what they do is seen in {@code NetworkIT}. */
class TunnelRulesTest {

    private static final Steering STEERING = new Steering(0x50, 5015);

    @Test
    void leadsBothFamiliesToASocketThatHasBoth() {
        assertThat(up(List.of(), "::")).isEqualTo("""
                set -eu
                nft -f - <<'RULES'
                table inet postern
                delete table inet postern
                table inet postern {
                  chain prerouting {
                    type filter hook prerouting priority mangle; policy accept;
                    iifname != { "wg0", "tun-1.x" } accept
                    fib daddr type { local, broadcast, multicast } accept
                    meta l4proto tcp tproxy ip to :15001 meta mark set 0x50 counter accept
                    meta nfproto ipv4 meta l4proto udp counter reject
                    meta l4proto tcp tproxy ip6 to :15001 meta mark set 0x50 counter accept
                    meta nfproto ipv6 meta l4proto udp counter reject
                    counter drop
                  }
                  chain forward {
                    type filter hook forward priority filter; policy accept;
                    iifname { "wg0", "tun-1.x" } counter drop
                    oifname { "wg0", "tun-1.x" } counter drop
                  }
                }
                RULES
                ip -4 route replace local default dev lo table 5015
                [ -n "$(ip -4 rule show priority 150 fwmark 0x50 table 5015)" ] || ip -4 rule add priority 150 fwmark 0x50 table 5015
                if [ -e /proc/net/if_inet6 ]; then
                  ip -6 route replace local default dev lo table 5015
                  [ -n "$(ip -6 rule show priority 150 fwmark 0x50 table 5015)" ] || ip -6 rule add priority 150 fwmark 0x50 table 5015
                fi
                """);
    }

    @Test
    void leadsToTheAddressOfASocketThatHasOne() {
        assertThat(up(List.of(), "127.0.0.1", "::1"))
                .contains("tcp tproxy ip to 127.0.0.1:15001 ", "tcp tproxy ip6 to [::1]:15001 ");
    }

    @Test
    void leadsDatagramsToASocketThatCarriesThem() {
        String up = new TunnelRules(List.of("wg0"), List.of(listener("::", true)), List.of(), STEERING).up();
        assertThat(up)
                .contains(
                        "    meta l4proto { tcp, udp } tproxy ip to :15001 meta mark set 0x50 counter accept\n",
                        "    meta l4proto { tcp, udp } tproxy ip6 to :15001 meta mark set 0x50 counter accept\n")
                .doesNotContain("reject");
    }

    @Test
    void refusesAtOnceAFamilyThatNoSocketHas() {
        assertThat(up(List.of(), "0.0.0.0"))
                .contains(
                        "    meta l4proto tcp tproxy ip to :15001 ",
                        "    meta nfproto ipv6 meta l4proto { tcp, udp } counter reject\n")
                .doesNotContain("tproxy ip6");
    }

    @Test
    void letsThroughWhatIsExcludedInBothDirections() {
        assertThat(up(List.of(Prefix.parse("10.0.0.0/8"), Prefix.parse("192.0.2.7"), Prefix.parse("fd00::/8")), "::"))
                .containsSubsequence(
                        "    ip daddr { 10.0.0.0/8, 192.0.2.7/32 } accept\n",
                        "    ip6 daddr { fd00::/8 } accept\n",
                        "    meta l4proto tcp tproxy ip to",
                        "    iifname { \"wg0\", \"tun-1.x\" } ip daddr { 10.0.0.0/8, 192.0.2.7/32 } accept\n",
                        "    iifname { \"wg0\", \"tun-1.x\" } ip6 daddr { fd00::/8 } accept\n",
                        "    oifname { \"wg0\", \"tun-1.x\" } ip saddr { 10.0.0.0/8, 192.0.2.7/32 } accept\n",
                        "    oifname { \"wg0\", \"tun-1.x\" } ip6 saddr { fd00::/8 } accept\n",
                        "    iifname { \"wg0\", \"tun-1.x\" } counter drop\n");
    }

    @Test
    void excludesTheWidestOfNetworksThatOverlap() {
        List<Prefix> networks = List.of(
                Prefix.parse("10.1.0.0/16"),
                Prefix.parse("10.0.0.0/8"),
                Prefix.parse("10.0.0.0/8"),
                Prefix.parse("10.0.0.0/15"),
                Prefix.parse("11.0.0.0/8"));
        assertThat(up(networks, "::")).contains("    ip daddr { 10.0.0.0/8, 11.0.0.0/8 } accept\n");
    }

    /** As long as anything of it is there, nothing passes. */
    @Test
    void takesTheRulesAwayLast() {
        assertThat(STEERING.down())
                .containsSubsequence(
                        "ip -4 rule del priority 150 fwmark 0x50 table 5015\n",
                        "ip -4 route del local default dev lo table 5015\n",
                        "if [ -e /proc/net/if_inet6 ]; then\n",
                        "ip -6 rule del priority 150 fwmark 0x50 table 5015\n",
                        "ip -6 route del local default dev lo table 5015\n",
                        "fi\nnft -f - <<'RULES'\ntable inet postern\ndelete table inet postern\nRULES\n");
    }

    private static String up(List<Prefix> excluded, String... addresses) {
        List<Listener> listeners =
                Stream.of(addresses).map(text -> listener(text, false)).toList();
        return new TunnelRules(List.of("wg0", "tun-1.x"), listeners, excluded, STEERING).up();
    }

    private static Listener listener(String address, boolean udp) {
        return new Listener(new Bind(Addresses.address(address).orElseThrow(), 15001), udp);
    }
}
