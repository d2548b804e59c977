package io.postern.gateway.state;

import io.postern.config.GatewaySettings;
import java.nio.file.Path;

/** Where the gateway keeps its own files, below {@code state.dir}. */
public final class StateFiles {

    private StateFiles() {}

    public static Path audit(GatewaySettings settings) {
        return settings.state().dir().resolve("audit.ndjson");
    }

    /** The key that signs evidence. */
    public static Path evidenceKey(GatewaySettings settings) {
        return settings.state().dir().resolve("evidence-key.pem");
    }

    /** Captures of apps that have findings. */
    public static Path captures(GatewaySettings settings) {
        return settings.state().dir().resolve("captures");
    }

    /** Inner addresses that the admin API has assigned. */
    public static Path addresses(GatewaySettings settings) {
        return settings.state().dir().resolve("addresses");
    }

    /** Letters that nobody has taken, where no webhook says otherwise. */
    public static Path deadLetters(GatewaySettings settings) {
        return settings.state().dir().resolve("webhook-dead.ndjson");
    }

    /** The embedded store: facts, the inventory, baselines. */
    public static Path store(GatewaySettings settings) {
        return settings.state().dir().resolve("store.mv");
    }

    /** Sessions that RADIUS clients have told of. */
    public static Path sessions(GatewaySettings settings) {
        return settings.state().dir().resolve("radius-sessions");
    }
}
