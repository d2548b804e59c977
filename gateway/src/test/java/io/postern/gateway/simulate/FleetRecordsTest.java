package io.postern.gateway.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.postern.analytics.fleet.Fleet;
import io.postern.analytics.fleet.FleetSettings;
import io.postern.analytics.fleet.Happening;
import io.postern.analytics.flow.Flow;
import io.postern.config.services.ServiceClasses;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetRecordsTest {

    @TempDir
    Path folder;

    @Test
    void itsRecordsAreOcsf() throws IOException {
        new FleetFiles(FleetSettings.of(1, 1, 9).withImplants(1), "test").write(folder, day -> {});
        List<String> lines = Files.readAllLines(folder.resolve("flows.ndjson"));
        Schema schema = schema();

        for (int i = 0; i < lines.size(); i += 5) {
            assertThat(schema.validate(lines.get(i), InputFormat.JSON))
                    .as(lines.get(i))
                    .isEmpty();
        }
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("\"activity_id\":6"));
    }

    /** The simulator cannot look them up, so it says them; they must be those that a gateway would find. */
    @Test
    void itsServiceClassesAreThoseOfTheShippedLists() {
        Map<String, Set<String>> said = new HashMap<>();
        for (int device = 0; device < 60; device++) {
            for (Iterator<Happening> each = new Fleet(FleetSettings.of(60, 1, 2).withImplants(1)).device(device);
                    each.hasNext(); ) {
                if (each.next() instanceof Happening.Flowed flowed) {
                    Flow flow = flowed.event().flow();
                    if (flow.destination().hasName()) {
                        said.put(flow.destination().host(), flow.serviceClasses());
                    }
                }
            }
        }

        Map<String, Set<String>> shipped = new HashMap<>();
        said.keySet().forEach(host -> shipped.put(host, ServiceClasses.shipped().of(host)));
        assertThat(said).isEqualTo(shipped);
    }

    private static Schema schema() throws IOException {
        try (InputStream in = FleetRecordsTest.class.getResourceAsStream("/ocsf-1.4/network_activity.schema.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Objects.requireNonNull(in));
        }
    }
}
