package io.postern.gateway.admin;

import static io.netty.handler.codec.http.HttpMethod.DELETE;
import static io.netty.handler.codec.http.HttpMethod.GET;
import static io.netty.handler.codec.http.HttpMethod.POST;
import static io.netty.handler.codec.http.HttpMethod.PUT;
import static io.postern.config.AdminRole.OPERATOR;
import static io.postern.config.AdminRole.VIEWER;

import io.postern.gateway.http.Answer;
import java.util.List;
import java.util.stream.Stream;

/** The API, one line for each thing that can be asked; {@code openapi.yaml} says the same at length. */
final class Routes {

    private static final String ADDRESS = "/v1/addresses/{prefix}";

    private Routes() {}

    /** For everybody who reaches the listener. */
    static List<Route> open(HealthPages health) {
        return List.of(
                Route.open(GET, "/livez", health::live, 200, 503),
                Route.open(GET, "/readyz", health::ready, 200, 503),
                Route.open(GET, "/metrics", health::metrics, 200));
    }

    /** For those who are known. */
    static List<Route> known(
            PolicyPages policy,
            AddressPages addresses,
            BaselinePages baselines,
            InventoryPages inventory,
            CoveragePages coverage,
            FlowPages flows) {
        return List.of(
                Route.open(GET, "/openapi.yaml", OpenApi::page, 200),
                Route.of(GET, "/v1/policy", VIEWER, policy::show, 200, 503).makes(Answer.JSON, Answer.YAML),
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
                Route.of(GET, "/v1/inventory", VIEWER, inventory::list, 200, 503)
                        .parameters("device", "profile", "app", "managed", "limit", "cursor")
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/inventory/reports", VIEWER, inventory::reports, 200, 503)
                        .makes(Answer.JSON),
                Route.of(GET, "/v1/coverage", VIEWER, coverage::show, 200).makes(Answer.JSON),
                Route.of(GET, "/v1/flows", VIEWER, flows::flows, 200)
                        .parameters(Stream.concat(FlowQuery.FILTERS.stream(), Stream.of("limit", "cursor"))
                                .toArray(String[]::new))
                        .makes(Answer.JSON, FlowPages.EVENTS));
    }
}
