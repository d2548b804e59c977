package io.postern.gateway.admin;

import static io.netty.handler.codec.http.HttpMethod.DELETE;
import static io.netty.handler.codec.http.HttpMethod.GET;
import static io.netty.handler.codec.http.HttpMethod.PATCH;
import static io.netty.handler.codec.http.HttpMethod.POST;
import static io.netty.handler.codec.http.HttpMethod.PUT;
import static io.postern.config.AdminRole.ADMIN;
import static io.postern.config.AdminRole.OPERATOR;
import static io.postern.config.AdminRole.VIEWER;

import io.postern.gateway.http.Answer;
import io.postern.gateway.meters.Meters;
import java.util.List;
import java.util.stream.Stream;

/** The API, one line for each thing that can be asked; {@code openapi.yaml} says the same at length. */
final class Routes {

    private static final String ADDRESS = "/v1/addresses/{prefix}";
    private static final String QUARANTINE = "/v1/quarantine/{id}";
    private static final String FINDING = "/v1/findings/{id}";
    private static final String CAPTURE = "/v1/findings/{id}/capture";
    private static final String EVIDENCE = "/v1/findings/{id}/evidence";

    private Routes() {}

    /** For everybody who reaches the listener, from the first moment. */
    static List<Route> health(Health health) {
        HealthPages pages = new HealthPages(health);
        return List.of(
                Route.open(GET, "/livez", pages::live, 200, 503), Route.open(GET, "/readyz", pages::ready, 200, 503));
    }

    /** For everybody too, of a gateway that has started. */
    static Route metrics(Meters meters) {
        return Route.open(GET, "/metrics", new MetricsPage(meters)::show, 200);
    }

    /** For those who are known. */
    static List<Route> known(
            PolicyPages policy,
            AddressPages addresses,
            BaselinePages baselines,
            InventoryPages inventory,
            QuarantinePages quarantine,
            KillSwitchPages killSwitch,
            CoveragePages coverage,
            ShadowPages shadow,
            FindingPages findings,
            EvidencePages evidence,
            ExplainPages explain,
            FlowPages flows,
            DevicePages devices) {
        return List.of(
                Route.open(GET, "/openapi.yaml", OpenApi::page, 200),
                Route.of(GET, "/v1/policy", VIEWER, policy::show, 200, 503).makes(Answer.JSON, Answer.YAML),
                Route.of(GET, "/v1/policy/shadow", VIEWER, shadow::show, 200, 503)
                        .parameters("by")
                        .makes(Answer.JSON),
                // Without dry-run it asks for the role admin.
                Route.of(PUT, "/v1/policy", OPERATOR, policy.putting(), 200, 409, 412, 422, 428, 500, 503)
                        .parameters("dry-run")
                        .takes(Answer.YAML)
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/addresses", VIEWER, addresses::list, 200, 503)
                        .parameters("device", "limit", "cursor")
                        .makes(Answer.JSON),
                Route.of(PUT, ADDRESS, OPERATOR, addresses.putting(), 200, 201, 409, 422, 500, 503)
                        .takes(Answer.JSON)
                        .makes(Answer.JSON),
                Route.of(DELETE, ADDRESS, OPERATOR, addresses.deleting(), 200, 404, 500, 503)
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/baselines", VIEWER, baselines::list, 200, 503)
                        .parameters("app", "category", "standing", "trait", "limit", "cursor")
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/baselines/diff", VIEWER, baselines::diff, 200, 503)
                        .parameters("app", "category", "limit", "cursor")
                        .makes(Answer.JSON),
                Route.of(POST, "/v1/baselines/approve", OPERATOR, baselines.approving(), 200, 404, 409, 422, 500, 503)
                        .takes(Answer.JSON)
                        .makes(Answer.JSON),
                Route.of(POST, "/v1/baselines/reject", OPERATOR, baselines.rejecting(), 200, 404, 409, 422, 500, 503)
                        .takes(Answer.JSON)
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/baselines/export", OPERATOR, baselines.sharing()::export, 200, 503)
                        .parameters("app", "category", "cursor")
                        .makes(Answer.JSON),
                Route.of(
                                POST,
                                "/v1/baselines/import",
                                OPERATOR,
                                baselines.sharing().importing(),
                                200,
                                422,
                                500,
                                503)
                        .takes(Answer.JSON)
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/inventory", VIEWER, inventory::list, 200, 503)
                        .parameters("device", "profile", "app", "managed", "limit", "cursor")
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/inventory/reports", VIEWER, inventory::reports, 200, 503)
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/quarantine", VIEWER, quarantine::list, 200, 503)
                        .parameters("device", "app", "state", "limit", "cursor")
                        .makes(Answer.JSON),
                Route.of(POST, "/v1/quarantine", OPERATOR, quarantine.containing(), 200, 201, 422, 500, 503, 507)
                        .takes(Answer.JSON)
                        .makes(Answer.JSON),
                Route.of(GET, QUARANTINE, VIEWER, quarantine::show, 200, 404, 503)
                        .makes(Answer.JSON),
                Route.of(DELETE, QUARANTINE, OPERATOR, quarantine.releasing(), 200, 404, 500, 503)
                        .parameters("reason")
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/kill-switch", VIEWER, killSwitch::show, 200).makes(Answer.JSON),
                Route.of(PUT, "/v1/kill-switch", ADMIN, killSwitch.turning(), 200, 409, 422, 500, 503)
                        .takes(Answer.JSON)
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/findings", VIEWER, findings::list, 200, 503)
                        .parameters(Stream.concat(FindingQuery.FILTERS.stream(), Stream.of("limit", "cursor"))
                                .toArray(String[]::new))
                        .makes(Answer.JSON, FlowPages.EVENTS),
                // Before the finding itself: an id may have any letters, slashes too.
                Route.of(GET, EVIDENCE, OPERATOR, evidence.exporting(), 200, 404, 500, 503)
                        .makes(EvidencePages.ZIP),
                Route.of(GET, CAPTURE, OPERATOR, evidence.capture(), 200, 404, 500, 503)
                        .makes(EvidencePages.PCAPNG),
                Route.of(GET, "/v1/captures", VIEWER, evidence::captures, 200, 503)
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/evidence/key", VIEWER, evidence::key, 200).makes(EvidencePages.PEM),
                Route.of(GET, FINDING, VIEWER, findings::show, 200, 404, 503).makes(Answer.JSON),
                Route.of(PATCH, FINDING, OPERATOR, findings.answering(), 200, 404, 409, 412, 422, 500, 503)
                        .takes(Answer.JSON)
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/explain/{id}", VIEWER, explain::explain, 200, 404, 503)
                        .makes(Answer.JSON, ExplainPages.TEXT),
                Route.of(GET, "/v1/campaigns", VIEWER, findings::campaigns, 200, 503)
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/exceptions", VIEWER, findings::exceptions, 200, 503)
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/coverage", VIEWER, coverage::show, 200).makes(Answer.JSON),
                Route.of(GET, "/v1/coverage/export", VIEWER, evidence::coverage, 200, 500, 503)
                        .makes(EvidencePages.ZIP),
                Route.of(POST, "/v1/devices/resolve", ADMIN, devices.resolving(), 200, 404, 422, 503)
                        .takes(Answer.JSON)
                        .makes(Answer.JSON),
                Route.of(POST, "/v1/devices/forget", ADMIN, devices.forgetting(), 200, 202, 409, 422, 500, 503)
                        .takes(Answer.JSON)
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/flows", VIEWER, flows::flows, 200)
                        .parameters(Stream.concat(FlowQuery.FILTERS.stream(), Stream.of("limit", "cursor"))
                                .toArray(String[]::new))
                        .makes(Answer.JSON, FlowPages.EVENTS));
    }
}
