package io.postern.gateway.real;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.gateway.evidence.Bundle;
import io.postern.gateway.evidence.SigningKey;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has a bundle, the public key and openssl needs nothing of ours. */
@Tag("real")
class EvidenceSignatureIT {

    @TempDir
    Path dir;

    @Test
    void opensslVerifiesTheManifest() throws Exception {
        Program openssl = Program.installed("openssl", "openssl", dir);
        SigningKey key = SigningKey.at(dir.resolve("key.pem"));
        Files.writeString(dir.resolve("gateway.pub"), key.publicPem());
        Bundle bundle = new Bundle("finding", "f-1");
        bundle.add("flows.ndjson", "flows", "{}\n".getBytes(US_ASCII));
        byte[] made = bundle.signed(key, "2026-11-22T04:00:00Z", "Postern 1");
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(made))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Files.write(dir.resolve(entry.getName()), zip.readAllBytes());
            }
        }
        assertThat(verified(openssl).exit()).isZero();

        Path manifest = dir.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("f-1", "f-2"));
        assertThat(verified(openssl).exit()).isNotZero();

        // openssl has the private key for one of its own.
        Program.Ended own = openssl.run("pkey", "-in", dir.resolve("key.pem").toString(), "-pubout");
        assertThat(own.out()).isEqualTo(key.publicPem());
    }

    private Program.Ended verified(Program openssl) {
        return openssl.run(
                "pkeyutl",
                "-verify",
                "-pubin",
                "-inkey",
                dir.resolve("gateway.pub").toString(),
                "-rawin",
                "-in",
                dir.resolve("manifest.json").toString(),
                "-sigfile",
                dir.resolve("manifest.sig").toString());
    }
}
