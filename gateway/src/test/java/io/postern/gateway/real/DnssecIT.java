package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.real.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Zones that BIND's tools have signed, served by named: what is signed has AD, what was changed afterwards or is out of its
 * time is SERVFAIL and says why, what has no keys is told without AD; dig, kdig and delv, which checks once more, ask.
 */
@Tag("real")
class DnssecIT {

    private static final String SOA = "$TTL 60\n@ SOA localhost. root.localhost. 1 1h 15m 30d 1h\n  NS localhost.\n";

    @TempDir
    private Path dir;

    @Test
    void whatIsSignedIsToldAndWhatIsForgedIsNot() throws Exception {
        String forged = signed("forged.acme.test", "www A 192.0.2.1\n", "-3", "-");
        Files.writeString(
                dir.resolve("forged.acme.test.signed"),
                Files.readString(dir.resolve("forged.acme.test.signed")).replace("192.0.2.1", "192.0.2.66"));
        String old = signed("old.acme.test", "www A 192.0.2.1\n", "-P", "-s", "20200101000000", "-e", "20200201000000");
        Files.writeString(dir.resolve("plain.acme.test.signed"), SOA + "www A 192.0.2.2\n");
        String anchor = signed(
                "acme.test",
                "www A 192.0.2.1\nalias CNAME www\n*.wild A 192.0.2.3\n"
                        + "forged NS localhost.\nold NS localhost.\nplain NS localhost.\n" + forged + old,
                "-3",
                "-");
        int port = Ports.free();
        try (RunningProgram named = named(port, "acme.test", "forged.acme.test", "old.acme.test", "plain.acme.test");
                ServedGateway gateway = ServedGateway.start(
                        dir, """
                listeners: [{name: names, type: dns, bind: '127.0.0.1:0', networks: ['127.0.0.0/8']}]
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}]}
                upstream: {allow-networks: ['192.0.2.0/24']}
                dns: {upstreams: ['127.0.0.1:%d'], timeout: 10s, dnssec: {validate: true, trust-anchors: ['%s']}}
                """.formatted(port, anchor.strip().replaceAll("\\s+", " ")), "")) {
            assertThat(named.alive()).isTrue();
            for (String program : List.of("dig", "kdig")) {
                for (String name : List.of("www", "alias", "any.wild")) {
                    assertThat(asked(program, gateway, name + ".acme.test", "+dnssec"))
                            .as(program)
                            .containsPattern("(?i)flags:[a-z ]* ad[ ;]")
                            .containsPattern("192\\.0\\.2\\.[13]")
                            .contains("RRSIG");
                }
                assertThat(asked(program, gateway, "none.acme.test", "+dnssec"))
                        .containsPattern("(?i)flags:[a-z ]* ad[ ;]")
                        .contains("NXDOMAIN", "NSEC3");
                assertThat(asked(program, gateway, "www.plain.acme.test", "+dnssec"))
                        .contains("192.0.2.2")
                        .doesNotContainPattern("(?i)flags:[a-z ]* ad[ ;]");
                assertThat(asked(program, gateway, "www.forged.acme.test", "+dnssec"))
                        .contains("SERVFAIL", "EDE: 6");
                assertThat(asked(program, gateway, "www.old.acme.test", "+dnssec"))
                        .contains("SERVFAIL", "EDE: 7");
                assertThat(asked(program, gateway, "www.forged.acme.test", "+cdflag"))
                        .contains("192.0.2.66")
                        .doesNotContainPattern("(?i)flags:[a-z ]* ad[ ;]");
            }
            assertThat(delv(gateway, anchor, "www.acme.test")).contains("fully validated");
            assertThat(delv(gateway, anchor, "www.plain.acme.test")).contains("unsigned answer");
            gateway.stop();
        }
    }

    /** The zone's DS records. */
    private String signed(String zone, String records, String... more) throws IOException {
        Files.writeString(dir.resolve(zone), SOA + records);
        for (String flag : List.of("256", "257")) {
            List<String> keygen = new ArrayList<>(List.of("-K", dir.toString(), "-a", "ECDSAP256SHA256"));
            keygen.addAll(flag.equals("257") ? List.of("-f", "KSK", zone) : List.of(zone));
            ran("dnssec-keygen", keygen);
        }
        List<String> sign = new ArrayList<>(List.of("-S", "-K", dir.toString(), "-d", dir.toString(), "-o", zone));
        sign.addAll(List.of(more));
        sign.add(dir.resolve(zone).toString());
        ran("dnssec-signzone", sign);
        return Files.readAllLines(dir.resolve("dsset-" + zone + ".")).stream()
                        .map(line -> line.replaceAll("(\\p{XDigit}+) (\\p{XDigit}+)$", "$1$2"))
                        .collect(Collectors.joining("\n"))
                + "\n";
    }

    private void ran(String program, List<String> arguments) {
        Ended ended = Program.installed(program, "bind9-utils", dir).run(arguments);
        assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
    }

    private RunningProgram named(int port, String... zones) throws IOException {
        String served = List.of(zones).stream()
                .map(zone -> "zone \"%s\" { type primary; file \"%s.signed\"; };\n".formatted(zone, zone))
                .collect(Collectors.joining());
        return NameServers.bind(dir, "port " + port, "recursion no;", served);
    }

    private String asked(String program, ServedGateway gateway, String name, String option) {
        Ended ended = Program.installed(program, program.equals("dig") ? "bind9-dnsutils" : "knot-dnsutils", dir)
                .run("@127.0.0.1", "-p", Integer.toString(gateway.port("names")), name, "A", option);
        return ended.out() + ended.err();
    }

    private String delv(ServedGateway gateway, String anchor, String name) throws IOException {
        String[] words = anchor.strip().split("\\s+", -1);
        Path anchors = dir.resolve("anchors");
        Files.writeString(
                anchors,
                "trust-anchors { \"acme.test\" static-ds %s %s %s \"%s\"; };\n"
                        .formatted(words[3], words[4], words[5], words[6]));
        Ended ended = Program.installed("delv", "bind9-dnsutils", dir)
                .run(
                        "@127.0.0.1",
                        "-p",
                        Integer.toString(gateway.port("names")),
                        "-a",
                        anchors.toString(),
                        "+root=acme.test",
                        name,
                        "A");
        return ended.out() + ended.err();
    }
}
