package io.postern.gateway.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Flows of one app to one destination that went the same way, as the records tell it.
 *
 * @param basis how the protocol is known
 * @param reason the rule that decided, when one did
 * @param out bytes from device to world
 */
public record FlowRow(
        String device,
        String app,
        String destination,
        int port,
        String protocol,
        String basis,
        String verdict,
        String reason,
        int flows,
        long out,
        long in) {

    private FlowRow and(FlowRow more) {
        return new FlowRow(
                device,
                app,
                destination,
                port,
                protocol,
                basis,
                verdict,
                reason,
                flows + more.flows,
                out + more.out,
                in + more.in);
    }

    /** @param devices of which */
    static List<FlowRow> read(Path records, Set<String> devices) throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        Map<List<Object>, FlowRow> rows = new TreeMap<>(Comparator.comparing(Object::toString));
        try (Stream<String> lines = Files.lines(records)) {
            lines.map(json::readTree)
                    .filter(line -> devices.contains(line.at("/device/uid").asString("-")))
                    .map(FlowRow::of)
                    .forEach(row -> rows.merge(
                            List.of(row.device, row.app, row.destination, row.port, row.protocol, row.verdict),
                            row,
                            FlowRow::and));
        }
        return List.copyOf(rows.values());
    }

    private static FlowRow of(JsonNode line) {
        JsonNode ours = line.at("/unmapped/postern");
        String host = line.at("/dst_endpoint/hostname").asString("");
        return new FlowRow(
                line.at("/device/uid").asString("-"),
                line.at("/actor/app_uid").asString("-"),
                host.isEmpty() ? line.at("/dst_endpoint/ip").asString("-") : host,
                line.at("/dst_endpoint/port").asInt(0),
                line.at("/app_name").asString(""),
                ours.at("/basis").asString(""),
                ours.at("/verdict").asString(""),
                line.at("/firewall_rule/name").asString(""),
                1,
                line.at("/traffic/bytes_out").asLong(0),
                line.at("/traffic/bytes_in").asLong(0));
    }
}
