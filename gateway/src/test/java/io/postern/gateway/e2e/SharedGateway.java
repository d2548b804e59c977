package io.postern.gateway.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One gateway for all tests of a class; when they are over, nothing is left of any flow. */
final class SharedGateway implements BeforeAllCallback, AfterAllCallback {

    private final String settings;
    private Path folder = Path.of("");
    private @Nullable TestingGateway gateway;

    SharedGateway() {
        this("");
    }

    /** @param settings more of them, as {@link TestingGateway#start(Path, String, String)} takes them */
    SharedGateway(String settings) {
        this.settings = settings;
    }

    TestingGateway gateway() {
        return Objects.requireNonNull(gateway, "it runs while tests do");
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        folder = Files.createTempDirectory("gateway");
        gateway = TestingGateway.start(folder, settings, "");
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        try (TestingGateway ending = gateway()) {
            ending.awaitNothingLeft();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
