package io.postern.gateway.state;

import io.postern.config.GatewaySettings.PolicyFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The gateway's own policy: one file, and beside it the last {@value #KEPT} it replaced, as {@code
 * history/<number>-<version>.yaml}. A new one is on the disk before it takes the place of the old one.
 */
public final class PolicyStore {

    static final int KEPT = 20;

    private final Path file;
    private final Path history;

    /** @param files managed, so that there is one */
    public PolicyStore(PolicyFiles files) {
        this.file = files.base().resolve(files.files().get(0));
        this.history = files.base().resolve("history");
    }

    /** Makes a policy that says nothing where the gateway keeps its own and there is none. */
    public static void prepare(PolicyFiles files) throws IOException {
        if (files.managed()) {
            PolicyStore store = new PolicyStore(files);
            if (!Files.exists(store.file)) {
                OwnFile.replace(
                        store.file,
                        "# Nothing is said yet; PUT /v1/policy says more.\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /** @param version of the one that is replaced */
    public void replace(byte[] document, String version) throws IOException {
        OwnFile.folderOf(history.resolve("any"));
        List<Path> kept = kept();
        long number = kept.isEmpty() ? 1 : number(kept.get(kept.size() - 1)) + 1;
        OwnFile.replace(
                history.resolve(String.format(Locale.ROOT, "%08d-%s.yaml", number, version)), Files.readAllBytes(file));
        OwnFile.replace(file, document);
        for (Path old : kept.subList(0, Math.max(0, kept.size() + 1 - KEPT))) {
            Files.deleteIfExists(old);
        }
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> all = Files.list(history)) {
            return all.filter(old -> old.getFileName().toString().matches("[0-9]{8}-.*\\.yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static long number(Path kept) {
        return Long.parseLong(kept.getFileName().toString().substring(0, 8));
    }
}
