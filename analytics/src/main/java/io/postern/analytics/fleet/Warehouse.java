package io.postern.analytics.fleet;

import static io.postern.analytics.fleet.Times.minutes;
import static java.time.Duration.ofSeconds;

import io.postern.analytics.context.ContextEvent.UsedResource.Resource;
import java.util.List;

/** An app of one department: so few devices have it that what it does on one is never what many do. */
final class Warehouse {

    static final App SCANNER = App.managed(
            "com.acme.assetscan",
            Category.WAREHOUSE,
            0.015,
            2,
            new Looks(
                    List.of(Peer.https(Catalogue.GENERIC, "api.asset-scan.example")),
                    0,
                    ofSeconds(8),
                    new Sizes(1_400, 2_200, 0.6)),
            new Jobs(
                    Peer.https(Catalogue.GENERIC, "api.asset-scan.example"),
                    minutes(60),
                    minutes(10),
                    new Sizes(1_800, 700, 0.4),
                    1),
            new Uses(Resource.CAMERA, 0.8, false));

    private Warehouse() {}
}
