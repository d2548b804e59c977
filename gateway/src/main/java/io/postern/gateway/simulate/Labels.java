package io.postern.gateway.simulate;

import io.postern.analytics.fleet.Cause;
import io.postern.analytics.fleet.Implant;
import io.postern.analytics.flow.Flow;
import io.postern.analytics.flow.FlowEvent;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The labels: a line of CSV for each flow of an implant, what has none is benign; at the end a line of JSON for each implant. */
final class Labels {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** What an implant has done. */
    private static final class Sum {
        private final String device;
        private final long firstMillis;
        private long lastMillis;
        private long flows;
        private long exchanges;
        private long bytesOut;
        private final Set<String> destinations = new TreeSet<>();

        Sum(String device, long firstMillis) {
            this.device = device;
            this.firstMillis = firstMillis;
        }
    }

    private final Writer csv;
    private final Map<Implant, Sum> implants = new LinkedHashMap<>();

    Labels(Writer csv) throws IOException {
        this.csv = csv;
        csv.write("flow,device,app,implant,kind,analytics\n");
    }

    void note(FlowEvent event, Cause cause) throws IOException {
        if (cause.implant().isEmpty()) {
            return;
        }
        Implant implant = cause.implant().get();
        Flow flow = event.flow();
        Sum sum = implants.computeIfAbsent(implant, first -> new Sum(flow.tag().device(), event.atMillis()));
        sum.lastMillis = event.atMillis();
        if (event instanceof FlowEvent.Opened) {
            sum.flows++;
            csv.write(flow.uid()
                    + ','
                    + flow.tag().device()
                    + ','
                    + flow.tag().app()
                    + ','
                    + implant.id()
                    + ','
                    + implant.kind()
                    + ','
                    + String.join("|", new TreeSet<>(implant.analytics()))
                    + '\n');
        } else if (event instanceof FlowEvent.Exchanged) {
            sum.exchanges++;
        } else if (event instanceof FlowEvent.Asked asked) {
            sum.exchanges++;
            sum.destinations.add(asked.domain());
        } else if (event instanceof FlowEvent.Closed closed) {
            sum.bytesOut += closed.bytesOut();
            sum.destinations.add(flow.destination().name());
        }
    }

    void implants(Writer lines) throws IOException {
        for (Map.Entry<Implant, Sum> each : implants.entrySet()) {
            Implant implant = each.getKey();
            Sum sum = each.getValue();
            ObjectNode line = JSON.createObjectNode();
            line.put("implant", implant.id());
            line.put("kind", implant.kind());
            line.put("device", sum.device);
            line.put("app", implant.app());
            line.putPOJO("analytics", new TreeSet<>(implant.analytics()));
            line.put("jitter_percent", implant.jitterPercent());
            line.put("missed_percent", implant.missedPercent());
            line.put("first_time", sum.firstMillis);
            line.put("last_time", sum.lastMillis);
            line.put("flows", sum.flows);
            line.put("exchanges", sum.exchanges);
            line.put("bytes_out", sum.bytesOut);
            line.putPOJO("destinations", sum.destinations);
            lines.write(JSON.writeValueAsString(line));
            lines.write('\n');
        }
    }

    int count() {
        return implants.size();
    }
}
