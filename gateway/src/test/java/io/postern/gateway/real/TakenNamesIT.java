package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.meters.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A device that asks whom it likes is answered by the gateway in that server's name; what is no question goes its way. */
@Tag("real")
class TakenNamesIT {

    @TempDir
    private Path dir;

    private void write() throws IOException {
        Led.secret(dir, "k1");
        Files.writeString(dir.resolve("addresses.csv"), """
                address,device,profile,app,proof
                10.77.0.2,LC01,work,-,tunnel-key
                fd77::/64,LC01,work,-,address
                """);
        Files.writeString(dir.resolve("policy.yaml"), """
                rules:
                  - {name: no-ads, when: {destination: ["*.bad.example"]}, action: block, mode: enforce}
                """);
        Files.writeString(dir.resolve("postern.yaml"), """
                listeners: [{name: tunnel, type: transparent, bind: "[::]:15001", udp: true, take-dns: true}]
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                upstream: {allow-networks: ["198.18.7.0/24", "192.0.2.0/24"]}
                dns: {upstreams: ["198.18.7.2"]}
                policy: {files: [policy.yaml]}
                state: {dir: var}
                records: {flows: {file: flows.ndjson}, dns: {file: dns.ndjson}}
                """);
    }

    /** Servers that others have written, by what they make of a gateway's questions. */
    @ParameterizedTest
    @ValueSource(strings = {"unbound", "named"})
    void serversOfOthersAreAskedInstead(String which) throws Exception {
        write();
        Program.installed("dig", "bind9-dnsutils", dir);
        Program.ofDebian("/usr/sbin/" + which, "/usr/share/doc/" + (which.equals("named") ? "bind9" : which), dir);
        Files.writeString(
                dir.resolve("acme.example"),
                """
                $TTL 60
                $ORIGIN acme.example.
                @ SOA localhost. root.localhost. 1 1h 15m 30d 1h
                  NS localhost.
                www A 192.0.2.80
                mail CNAME www
                """
                        + IntStream.range(0, 60)
                                .mapToObj(
                                        each -> "long TXT \"a text of some length, and this is number " + each + "\"\n")
                                .collect(Collectors.joining()));
        Files.writeString(dir.resolve("unbound.conf"), """
                server:
                  interface: 0.0.0.0
                  access-control: 0.0.0.0/0 allow
                  username: ""
                  chroot: ""
                  directory: "%s"
                  pidfile: ""
                  use-syslog: no
                  do-daemonize: no
                  num-threads: 1
                  module-config: "iterator"
                auth-zone:
                  name: "acme.example"
                  zonefile: "acme.example"
                remote-control:
                  control-enable: no
                """.formatted(dir));
        Files.writeString(dir.resolve("named.conf"), """
                options {
                  directory "%s";
                  pid-file none;
                  session-keyfile none;
                  listen-on { any; };
                  listen-on-v6 { none; };
                  recursion no;
                };
                controls { };
                zone "acme.example" { type primary; file "acme.example"; };
                """.formatted(dir));
        Files.writeString(
                dir.resolve("server.sh"),
                which.equals("named")
                        ? "exec /usr/sbin/named -g -c " + dir.resolve("named.conf") + "\n"
                        : "exec /usr/sbin/unbound -d -c " + dir.resolve("unbound.conf") + "\n");
        String from = "from 192.0.2.53#53(192.0.2.53)";
        assertThat(Led.run(dir, "taken-servers.sh"))
                .containsExactly(
                        "udp: NOERROR 192.0.2.80 " + from,
                        "tcp: NOERROR 192.0.2.80 " + from,
                        "alias: NOERROR 192.0.2.80 " + from,
                        "missing: NXDOMAIN SOA acme.example. " + from,
                        "empty: NOERROR SOA acme.example. " + from,
                        "long: NOERROR 60 texts " + from,
                        "blocked: NXDOMAIN EDE 15 SOA ads.bad.example. " + from);
    }

    @Test
    void whoeverIsAskedTheGatewayAnswers() throws Exception {
        write();
        Scripts.copy(dir, "datagrams.py");
        Scripts.copy(dir, "names.py");
        for (String program : List.of("dig", "kdig")) {
            Program.installed(program, program.equals("dig") ? "bind9-dnsutils" : "knot-dnsutils", dir);
        }
        assertThat(Led.run(dir, "taken.sh"))
                .containsExactly(
                        "nobody-there: NOERROR 192.0.2.80 from 192.0.2.53#53(192.0.2.53)",
                        "six: NOERROR 192.0.2.80 from 2001:db8:53::53#53(2001:db8:53::53)",
                        "tcp: NOERROR 192.0.2.80 from 192.0.2.53#53(192.0.2.53)",
                        "blocked: NXDOMAIN EDE 15 from 192.0.2.53#53(192.0.2.53)",
                        "blocked-tcp: NXDOMAIN EDE 15 from 192.0.2.53#53(192.0.2.53)",
                        "the-server: NOERROR 192.0.2.80 from 198.18.7.2#53(198.18.7.2)",
                        "stranger: REFUSED EDE 18 from 192.0.2.53#53(192.0.2.53)",
                        "kdig: 1",
                        "headers: 0 1 1 0 1 1",
                        "udp 500 from 198.18.7.2 53",
                        "web 200",
                        "contained 201",
                        "contained: NXDOMAIN EDE 18 from 192.0.2.53#53(192.0.2.53)",
                        "contained-tcp: NXDOMAIN EDE 18 from 192.0.2.53#53(192.0.2.53)");
        assertThat(Files.readAllLines(dir.resolve("names.out")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("198.18.7.1 ").doesNotContain("10.77."));

        FlowLines questions = new FlowLines(dir.resolve("dns.ndjson"));
        JsonNode first = questions.first(line -> true);
        assertThat(first.at("/device/uid").asString()).isEqualTo("LC01");
        assertThat(first.at("/actor/app_uid").asString()).isEqualTo("netd");
        assertThat(first.at("/dst_endpoint/ip").asString()).isEqualTo("192.0.2.53");
        assertThat(first.at("/dst_endpoint/port").asInt()).isEqualTo(53);
        List<JsonNode> flows = new FlowLines(dir.resolve("flows.ndjson")).all();
        assertThat(flows)
                .extracting(line -> line.at("/connection_info/protocol_name").asString() + " "
                        + line.at("/app_name").asString() + " "
                        + line.at("/dst_endpoint/port").asInt())
                .containsExactlyInAnyOrder("udp unknown 53", "tcp http 53");
        Scrape metrics = new Scrape(Files.readString(dir.resolve("metrics.txt")));
        assertThat(metrics.count("postern_dns_taken_total{transport=\"udp\"}")).isGreaterThanOrEqualTo(13);
        assertThat(metrics.count("postern_dns_taken_total{transport=\"tcp\"}")).isEqualTo(3);
    }
}
