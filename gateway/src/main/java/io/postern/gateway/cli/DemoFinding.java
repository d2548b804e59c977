package io.postern.gateway.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A finding of the demo, as the admin API tells it.
 *
 * @param evidence what weighs most for it of the kind that its analytic is about, in words
 * @param times that it was found, closed and found again
 */
record DemoFinding(
        String uid,
        String device,
        String app,
        String analytic,
        String destination,
        double score,
        String severity,
        String evidence,
        int times) {

    private static final int PAGE = 100;

    private static final Map<String, String> ABOUT = Map.of(
            "AN1770", "destination",
            "AN1793", "cadence",
            "AN1827", "protocol-port",
            "AN1681", "cadence",
            "AN1716", "telemetry");

    /** All there are, open or closed again, by device; what was found again is one. */
    static List<DemoFinding> all(AdminClient admin) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        admin.pages(
                "/v1/findings",
                Map.of("limit", Integer.toString(PAGE)),
                page -> page.get("findings").forEach(lines::add));
        Map<List<String>, DemoFinding> once = new LinkedHashMap<>();
        for (JsonNode line : lines) {
            String uid = line.at("/finding_info/uid").asString();
            DemoFinding found = of(uid, line, admin.get("/v1/explain/" + AdminClient.encoded(uid), Map.of()));
            once.merge(List.of(found.device, found.app, found.analytic, found.destination), found, DemoFinding::and);
        }
        List<DemoFinding> all = new ArrayList<>(once.values());
        all.sort(Comparator.comparing(DemoFinding::device)
                .thenComparing(DemoFinding::app)
                .thenComparing(DemoFinding::analytic)
                .thenComparing(DemoFinding::destination));
        return List.copyOf(all);
    }

    private static DemoFinding of(String uid, JsonNode line, JsonNode explanation) {
        String analytic = line.at("/finding_info/analytic/uid").asString("-");
        return new DemoFinding(
                uid,
                line.at("/device/uid").asString("-"),
                line.at("/actor/app_uid").asString("-"),
                analytic,
                line.at("/unmapped/postern/destination").asString("-"),
                line.at("/unmapped/postern/score").asDouble(),
                explanation.at("/severity").asString(""),
                evidence(explanation.at("/supports"), ABOUT.getOrDefault(analytic, "")),
                1);
    }

    private static String evidence(JsonNode heaviestFirst, String family) {
        return heaviestFirst
                .valueStream()
                .filter(each -> each.at("/family").asString("").equals(family))
                .findFirst()
                .orElse(heaviestFirst.path(0))
                .at("/text")
                .asString("");
    }

    private DemoFinding and(DemoFinding other) {
        DemoFinding worse = other.score > score ? other : this;
        return new DemoFinding(
                worse.uid,
                device,
                app,
                analytic,
                destination,
                worse.score,
                worse.severity,
                worse.evidence,
                times + other.times);
    }
}
