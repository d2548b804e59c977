package io.postern.gateway.e2e;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Whatever the clients of a test class do, and to its end: nothing is logged at WARN or above, or with a stack. */
public final class QuietLog implements AfterAllCallback {

    private final TestingLog log = new TestingLog();

    @Override
    public void afterAll(ExtensionContext context) {
        try (log) {
            log.expectQuiet();
        }
    }
}
