package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What common programs say to each other on odd ports, as {@code postern replay} and as tshark see it. Tshark is told
 * what the ports are, where it does not look at bytes; Postern is not.
 */
@Tag("real")
class RecognitionRealIT {

    private static final String NAME = "www.acme.test";

    private static final List<String> PORTS = List.of(
            "tcp.port==30080,http",
            "tcp.port==30083,http",
            "tcp.port==30082,http2",
            "tcp.port==30025,smtp",
            "tcp.port==30143,imap",
            "tcp.port==30053,dns",
            "udp.port==30053,dns",
            "udp.port==30445,dtls");

    @TempDir
    private Path dir;

    @Test
    void everyFlowIsSeenAsTsharkSeesIt() throws IOException {
        capture();
        Map<String, Map<String, String>> theirs = Tshark.flows(dir, "talks.pcapng", PORTS);
        Map<String, Map<String, String>> ours = ours();
        assertThat(differences(theirs, ours)).as("flow: fact: tshark / Postern").isEmpty();
        // Nothing less than what was said, and what a browser's hello has.
        assertThat(ours.values().stream()
                        .collect(Collectors.groupingBy(RecognitionRealIT::kind, Collectors.counting())))
                .containsAllEntriesOf(Map.ofEntries(
                        Map.entry("http", 5L),
                        Map.entry("http2", 2L),
                        Map.entry("websocket", 1L),
                        Map.entry("dns", 4L),
                        Map.entry("smtp", 1L),
                        Map.entry("smtp with TLS", 2L),
                        Map.entry("imap", 1L),
                        Map.entry("imap with TLS", 2L),
                        Map.entry("quic with TLS", 1L),
                        Map.entry("dtls with TLS", 1L)))
                .hasEntrySatisfying("tls with TLS", count -> assertThat(count).isGreaterThanOrEqualTo(19));
        assertThat(ours.values())
                .anySatisfy(
                        facts -> assertThat(facts).containsEntry("ech", "true").containsEntry("post-quantum", "true"))
                .anySatisfy(facts -> assertThat(facts).containsEntry("subject", NAME));
    }

    private static String kind(Map<String, String> facts) {
        return facts.getOrDefault("protocol", "") + (facts.containsKey("ja3") ? " with TLS" : "");
    }

    private void capture() throws IOException {
        Program.installed("ip", "iproute2", dir);
        Program.installed("openssl", "openssl", dir);
        Program.installed("curl", "curl", dir);
        Program.installed("chromium", "chromium", dir);
        Program.installed("dumpcap", "wireshark-common", dir);
        Program.installed("gtlsserver", "ngtcp2-server", dir);
        Program.installed("gtlsclient", "ngtcp2-client", dir);
        Program.installed("swaks", "swaks libnet-ssleay-perl", dir);
        Program.installed("dig", "bind9-dnsutils", dir);
        Program.ofDebian("/usr/sbin/nginx", "/usr/share/doc/nginx", dir);
        Program.ofDebian("/usr/bin/aiosmtpd", "/usr/share/doc/python3-aiosmtpd", dir);
        Program.ofDebian("/usr/bin/python3", "/usr/share/doc/python3-websockets", dir);
        Program.Ended ended = Program.installed("unshare", "util-linux", dir)
                .run(
                        "-Urn",
                        "bash",
                        Scripts.copy(dir, "recognition.sh", "recognition.py").toString(),
                        dir.toString(),
                        NAME);
        assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
    }

    private Map<String, Map<String, String>> ours() throws IOException {
        Program.Ended ended = ServedGateway.launcher(dir).run("replay", "--out", "out", "talks.pcapng");
        assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
        Map<String, Map<String, String>> flows = new TreeMap<>();
        for (JsonNode line : new FlowLines(dir.resolve("out/flows.ndjson")).all()) {
            String name = line.at("/connection_info/protocol_name").asString() + " " + end(line.at("/src_endpoint"))
                    + " > " + end(line.at("/dst_endpoint"));
            assertThat(flows.put(name, facts(line))).as(name + " has two lines").isNull();
        }
        return flows;
    }

    private static String end(JsonNode endpoint) {
        return endpoint.at("/ip").asString() + " " + endpoint.at("/port").asInt();
    }

    private static Map<String, String> facts(JsonNode line) {
        Map<String, String> facts = new TreeMap<>();
        Map.ofEntries(
                        Map.entry("protocol", "/app_name"),
                        Map.entry("out", "/traffic/bytes_out"),
                        Map.entry("in", "/traffic/bytes_in"),
                        Map.entry("sni", "/tls/sni"),
                        Map.entry("ja3", "/tls/ja3_hash/value"),
                        Map.entry("ja3s", "/tls/ja3s_hash/value"),
                        Map.entry("ja4", "/ja4_fingerprint_list/0/value"),
                        Map.entry("cipher", "/tls/cipher"),
                        Map.entry("subject", "/tls/certificate/subject"),
                        Map.entry("certificate", "/tls/certificate/fingerprints/0/value"),
                        Map.entry("dns-query", "/unmapped/postern/dns_query"),
                        Map.entry("dns-type", "/unmapped/postern/dns_type"),
                        Map.entry("messages-out", "/unmapped/postern/websocket_messages_out"),
                        Map.entry("messages-in", "/unmapped/postern/websocket_messages_in"),
                        Map.entry("fragmented", "/unmapped/postern/websocket_fragmented"),
                        Map.entry("deflated", "/unmapped/postern/websocket_deflated"),
                        Map.entry("alpn-chosen", "/unmapped/postern/alpn_chosen"),
                        Map.entry("ech", "/unmapped/postern/ech"),
                        Map.entry("post-quantum", "/unmapped/postern/post_quantum"),
                        Map.entry("quic", "/unmapped/postern/quic_version"),
                        Map.entry("method", "/unmapped/postern/http_method"),
                        Map.entry("host", "/unmapped/postern/http_host"),
                        Map.entry("agent", "/unmapped/postern/http_user_agent"),
                        Map.entry("status", "/unmapped/postern/http_status"),
                        Map.entry("requests", "/unmapped/postern/http_requests"))
                .forEach((fact, where) -> {
                    JsonNode value = line.at(where);
                    if (!value.isMissingNode()) {
                        facts.put(fact, value.asString());
                    }
                });
        JsonNode alpn = line.at("/unmapped/postern/alpn");
        if (!alpn.isMissingNode()) {
            facts.put("alpn", alpn.valueStream().map(JsonNode::asString).collect(Collectors.joining(",")));
        }
        return facts;
    }

    private static List<String> differences(
            Map<String, Map<String, String>> theirs, Map<String, Map<String, String>> ours) {
        List<String> table = new ArrayList<>();
        for (String flow : union(theirs.keySet(), ours.keySet())) {
            Map<String, String> there = theirs.getOrDefault(flow, Map.of());
            Map<String, String> here = ours.getOrDefault(flow, Map.of());
            for (String fact : union(there.keySet(), here.keySet())) {
                String one = there.getOrDefault(fact, "-");
                String other = here.getOrDefault(fact, "-");
                if (!one.equals(other)) {
                    table.add(flow + ": " + fact + ": " + one + " / " + other);
                }
            }
        }
        return table;
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }
}
