package io.postern.gateway.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.meters.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Flows that nftables and TPROXY lead to the gateway, between namespaces that the test makes and that end with it. */
@Tag("real")
class TransparentIT {

    @TempDir
    private Path dir;

    @Test
    void aDeviceReachesTheWorldWithoutKnowingOfTheGateway() throws Exception {
        Led.secret(dir, "k1");
        Files.writeString(dir.resolve("addresses.csv"), """
                address,device,profile,app,proof
                10.77.0.2,LC01,work,com.acme.mail,tunnel-key
                10.77.0.3,LC02,work,-,tunnel-key
                fd77::/64,LC01,work,-,address
                """);
        Files.writeString(dir.resolve("postern.yaml"), """
                listeners: [{name: tunnel, type: transparent, bind: "[::]:15001", udp: true}]
                identity: {tenant: acme, tag-keys: [{id: k1, secret-file: k1}], addresses-file: addresses.csv}
                upstream: {allow-networks: ["198.18.7.0/24", "2001:db8:7::/64"]}
                limits: {flows: 200, flows-per-device: 100}
                datagrams: {sessions: 300}
                state: {dir: var}
                records: {flows: {file: flows.ndjson}}
                """);
        Scripts.copy(dir, "datagrams.py");
        assertThat(Led.run(dir, "transparent.sh"))
                .containsExactly(
                        "ipv4 200 0",
                        "ipv6 200 0",
                        "stranger reset",
                        "own reset",
                        "private reset",
                        "udp4 500 from 198.18.7.2 8082",
                        "udp6 500 from 2001:db8:7::2 8082",
                        "jumbo 60000 from 198.18.7.2 8082",
                        "stranger nothing",
                        "closed nothing",
                        "own nothing",
                        "beside a flood 50 of 50");

        FlowLines flows = new FlowLines(dir.resolve("flows.ndjson"));
        connections(flows);
        datagrams(flows);
        Scrape metrics = new Scrape(Files.readString(dir.resolve("metrics.txt")));
        assertThat(metrics.count("postern_datagrams_dropped_total{reason=\"crowded\"}"))
                .isPositive();
        assertThat(metrics.count("postern_datagrams_dropped_total{reason=\"flood\"}"))
                .isPositive();
        assertThat(metrics.count("postern_datagram_sessions")).isBetween(1.0, 110.0);
    }

    private static void connections(FlowLines flows) throws IOException {
        JsonNode four = flows.first(line -> tcp(line) && address(line).equals("198.18.7.2"));
        assertThat(four.at("/device/uid").asString()).isEqualTo("LC01");
        assertThat(four.at("/actor/app_uid").asString()).isEqualTo("com.acme.mail");
        assertThat(four.at("/app_name").asString()).isEqualTo("http");
        assertThat(four.at("/src_endpoint/ip").asString()).isEqualTo("10.77.0.2");
        assertThat(four.at("/dst_endpoint/port").asInt()).isEqualTo(8081);
        assertThat(four.at("/unmapped/postern/ingress").asString()).isEqualTo("transparent");
        assertThat(four.at("/unmapped/postern/device_assurance").asString()).isEqualTo("tunnel-key");
        assertThat(four.at("/unmapped/postern/app_assurance").asString()).isEqualTo("device-asserted");
        JsonNode six = flows.first(line -> tcp(line) && address(line).equals("2001:db8:7::2"));
        assertThat(six.at("/unmapped/postern/device_assurance").asString()).isEqualTo("address");
        assertThat(six.at("/actor/app_uid").asString()).isEqualTo("-");
        // The gateway itself, whichever of its addresses is meant, and what is private.
        assertThat(rule(flows.first(line -> tcp(line) && address(line).equals("10.77.0.1"))))
                .isEqualTo("egress:own-address");
        assertThat(rule(flows.first(line -> address(line).equals("192.168.1.1"))))
                .isEqualTo("egress:private");
        assertThat(flows.all().stream().filter(TransparentIT::tcp)).hasSize(4);
    }

    private static void datagrams(FlowLines flows) throws IOException {
        List<JsonNode> all = flows.all().stream().filter(line -> !tcp(line)).toList();
        assertThat(all)
                .filteredOn(line -> line.at("/dst_endpoint/port").asInt() == 8082
                        && line.at("/traffic/bytes_out").asInt() >= 500)
                .extracting(line ->
                        address(line) + " " + line.at("/traffic/bytes_in").asInt() + " "
                                + line.at("/unmapped/postern/device_assurance").asString())
                .containsExactlyInAnyOrder(
                        "198.18.7.2 500 tunnel-key", "2001:db8:7::2 500 address", "198.18.7.2 60000 tunnel-key");
        assertThat(all)
                .filteredOn(line -> line.at("/dst_endpoint/port").asInt() == 8083)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(
                                line.at("/unmapped/postern/close_reason").asString())
                        .isEqualTo("upstream-failed"));
        assertThat(all)
                .filteredOn(line -> address(line).equals("10.77.0.1"))
                .singleElement()
                .satisfies(line -> {
                    assertThat(rule(line)).isEqualTo("egress:own-address");
                    assertThat(line.at("/disposition_id").asInt()).isEqualTo(6);
                });
    }

    private static boolean tcp(JsonNode line) {
        return line.at("/connection_info/protocol_name").asString().equals("tcp");
    }

    private static String address(JsonNode line) {
        return line.at("/dst_endpoint/ip").asString("");
    }

    private static String rule(JsonNode line) {
        return line.at("/firewall_rule/name").asString();
    }
}
