package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BIND and the gateway read one response policy zone, and dig is told the same by both, whoever it asks as. */
@Tag("real")
class PolicyZoneIT {

    private static final Pattern TOLD =
            Pattern.compile("status: \\w+|\\t(?:A|AAAA)\\t\\S+|no servers could be reached");

    private static final String ZONE = """
            $TTL 60
            @ SOA localhost. root.localhost. 1 1h 15m 30d 1h
              NS localhost.
            named.acme.test CNAME .
            empty.acme.test CNAME *.
            spared.acme.test CNAME rpz-passthru.
            26.64.2.0.192.rpz-ip CNAME .
            32.67.2.0.192.rpz-ip CNAME rpz-passthru.
            30.68.2.0.192.rpz-ip A 198.51.100.9
            64.zz.db8.2001.rpz-ip CNAME *.
            29.8.0.0.127.rpz-client-ip CNAME *.
            32.9.0.0.127.rpz-client-ip CNAME rpz-passthru.
            32.10.0.0.127.rpz-client-ip CNAME .
            32.11.0.0.127.rpz-client-ip CNAME rpz-drop.
            32.12.0.0.127.rpz-client-ip A 198.51.100.10
            """;

    /** One that follows aliases, as servers do that are asked to. */
    private static final String KNOWN = """
            local-zone: "test." nodefault
            auth-zone:
              name: "acme.test"
              zonefile: "acme.test"
              for-downstream: no
            """;

    private static final String RECORDS = """
            $TTL 60
            $ORIGIN acme.test.
            @ SOA localhost. root.localhost. 1 1h 15m 30d 1h
              NS localhost.
            plain A 192.0.2.1
            named A 192.0.2.1
            empty A 192.0.2.66
            spared A 192.0.2.66
            bad A 192.0.2.66
            both A 192.0.2.1
            both A 192.0.2.66
            fine A 192.0.2.67
            led A 192.0.2.69
            six AAAA 2001:db8::66
            alias CNAME named
            far CNAME alias
            hollow CNAME empty
            freed CNAME spared
            """;

    private static final List<String> NAMES = List.of(
            "plain", "named", "empty", "spared", "bad", "both", "fine", "led", "alias", "far", "hollow", "freed",
            "six");

    @TempDir
    private Path dir;

    @Test
    void theyTellTheSame() throws Exception {
        int port = Ports.free();
        int other = Ports.free();
        Files.writeString(dir.resolve("rpz.local"), ZONE);
        Files.writeString(dir.resolve("acme.test"), RECORDS);
        try (RunningProgram unbound = NameServers.unbound(dir, port, KNOWN);
                RunningProgram bind = NameServers.bind(
                        dir,
                        "port " + other,
                        """
                        forwarders { 127.0.0.1 port %d; };
                        forward only;
                        dnssec-validation no;
                        response-policy { zone "rpz.local"; };
                        """.formatted(port),
                        "zone \"rpz.local\" { type primary; file \"rpz.local\"; };\n");
                ServedGateway gateway = ServedGateway.start(dir, """
                        listeners: [{name: names, type: dns, bind: '127.0.0.1:0', networks: ['127.0.0.0/8']}]
                        identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                        upstream: {allow-networks: ['192.0.2.0/24', '198.51.100.0/24', '2001:db8::/32']}
                        dns: {upstreams: ['127.0.0.1:%d'], timeout: 6s}
                        """.formatted(port), """
                        lists: {zone: {files: [rpz.local], format: rpz}}
                        rules: [{name: zone, when: {list: zone}, action: block, mode: enforce}]
                        """)) {
            assertThat(List.of(unbound.err(), bind.err())).noneMatch(String::isEmpty);
            List<String> different = new ArrayList<>();
            List<String> told = new ArrayList<>();
            for (String client : List.of("127.0.0.1", "127.0.0.8", "127.0.0.9", "127.0.0.10", "127.0.0.12")) {
                for (String name : NAMES) {
                    String type = name.equals("six") ? "AAAA" : "A";
                    List<String> here = asked(gateway.port("names"), client, name + ".acme.test", type);
                    List<String> there = asked(other, client, name + ".acme.test", type);
                    told.add(client + " " + name + " " + here);
                    if (!here.equals(there)) {
                        different.add(client + " " + name + ": " + here + ", by BIND " + there);
                    }
                }
            }
            assertThat(different).isEmpty();
            assertThat(told)
                    .contains(
                            "127.0.0.1 plain [A 192.0.2.1, status: NOERROR]",
                            "127.0.0.1 bad [status: NXDOMAIN]",
                            "127.0.0.1 both [status: NXDOMAIN]",
                            "127.0.0.1 spared [A 192.0.2.66, status: NOERROR]",
                            "127.0.0.1 alias [status: NXDOMAIN]",
                            "127.0.0.1 far [status: NXDOMAIN]",
                            "127.0.0.1 freed [A 192.0.2.66, status: NOERROR]",
                            "127.0.0.1 led [A 198.51.100.9, status: NOERROR]",
                            "127.0.0.1 six [status: NOERROR]",
                            "127.0.0.8 plain [status: NOERROR]",
                            "127.0.0.9 bad [A 192.0.2.66, status: NOERROR]",
                            "127.0.0.10 spared [status: NXDOMAIN]");
            List<String> dropped = asked(gateway.port("names"), "127.0.0.11", "plain.acme.test", "A");
            assertThat(dropped)
                    .containsExactly("no servers could be reached")
                    .isEqualTo(asked(other, "127.0.0.11", "plain.acme.test", "A"));
            gateway.stop();
        }
    }

    private List<String> asked(int port, String client, String name, String type) throws IOException {
        String out = Program.installed("dig", "bind9-dnsutils", dir)
                .run(List.of(
                        "-b",
                        client,
                        "@127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "+tries=1",
                        "+time=" + (client.equals("127.0.0.11") ? 2 : 10),
                        name,
                        type))
                .out();
        return TOLD.matcher(out)
                .results()
                .map(MatchResult::group)
                .map(found -> found.strip().replace('\t', ' '))
                .distinct()
                .sorted()
                .toList();
    }
}
