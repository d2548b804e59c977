package io.postern.gateway.evidence;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is signed can be believed, and what was changed is named. */
class BundleTest {

    @TempDir
    Path dir;

    private SigningKey key;
    private Path file;

    @BeforeEach
    void make() throws IOException {
        key = SigningKey.at(dir.resolve("state/evidence-key.pem"));
        file = dir.resolve("bundle.zip");
        Files.write(file, bundle().signed(key, "2026-11-22T04:00:00Z", "Postern 1"));
    }

    private static Bundle bundle() {
        Bundle bundle = new Bundle("finding", "f-1");
        bundle.add("flows.ndjson", "flows", "{\"n\":1}\n{\"n\":2}\n".getBytes(US_ASCII));
        bundle.add("finding.json", "the finding", "{\"uid\":\"f-1\"}".getBytes(US_ASCII));
        bundle.leaveOut("flows.ndjson", "older ones");
        return bundle;
    }

    @Test
    void isWholeAsItWasMadeAndSaysWhatIsMissing() throws IOException {
        Verification verified = Verification.of(file, key.publicKey());

        assertThat(verified.problems()).isEmpty();
        Manifest manifest = verified.manifest().orElseThrow();
        assertThat(manifest.about()).isEqualTo(Map.of("finding", "f-1"));
        assertThat(manifest.key()).isEqualTo(key.id());
        assertThat(manifest.files()).extracting(Manifest.File::name).containsExactly("finding.json", "flows.ndjson");
        assertThat(manifest.leftOut()).containsExactly(new Manifest.LeftOut("flows.ndjson", "older ones"));
    }

    @Test
    void theSameIsTheSameBytes() throws IOException {
        SigningKey again = SigningKey.at(dir.resolve("state/evidence-key.pem"));

        assertThat(bundle().signed(again, "2026-11-22T04:00:00Z", "Postern 1")).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void aChangedFileIsNamed() throws IOException {
        rewrite(files -> files.put("flows.ndjson", "{\"n\":1}\n{\"n\":3}\n".getBytes(US_ASCII)));
        assertThat(problems()).isEqualTo("[flows.ndjson: was changed]");
    }

    @Test
    void aFileThatGoesOnIsNamed() throws IOException {
        rewrite(files -> files.put("flows.ndjson", "{\"n\":1}\n{\"n\":2}\n{}\n".getBytes(US_ASCII)));
        assertThat(problems()).isEqualTo("[flows.ndjson: was changed]");
    }

    @Test
    void oneThatIsMissingAndOneThatWasAddedAreNamed() throws IOException {
        rewrite(files -> {
            files.remove("flows.ndjson");
            files.put("other.txt", new byte[] {1});
        });
        assertThat(problems()).isEqualTo("[flows.ndjson: is missing, other.txt: was added]");
    }

    @Test
    void aChangedManifestIsNotBelieved() throws IOException {
        rewrite(files -> files.merge(
                "manifest.json",
                new byte[0],
                (text, unused) -> new String(text, US_ASCII)
                        .replace("older ones", "nothing !!")
                        .getBytes(US_ASCII)));
        Verification verified = Verification.of(file, key.publicKey());
        assertThat(verified.manifest()).isEmpty();
        assertThat(verified.problems()).singleElement().asString().startsWith("manifest.json: was changed");
    }

    @Test
    void anotherKeyDoesNotVerify() throws IOException {
        SigningKey other = SigningKey.at(dir.resolve("other.pem"));
        assertThat(Verification.of(file, other.publicKey()).problems())
                .singleElement()
                .asString()
                .contains("signed by another key than " + other.id());
    }

    @Test
    void noByteCanBeChangedUnnoticed() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(7);
        for (int i = 0; i < 400; i++) {
            byte[] changed = whole.clone();
            changed[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, changed);
            Verification verified = Verification.of(file, key.publicKey());
            // Dates and such of the ZIP are not the content's.
            if (verified.problems().isEmpty()) {
                assertThat(content()).isEqualTo(content(whole));
            }
            Files.write(file, Arrays.copyOf(whole, random.nextInt(whole.length)));
            assertThat(Verification.of(file, key.publicKey()).problems()).isNotEmpty();
        }
    }

    @Test
    void theKeyIsItsOwnersAlone() throws IOException {
        Path pem = dir.resolve("state/evidence-key.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pem)))
                .isEqualTo("rw-------");
        Files.writeString(dir.resolve("pub.pem"), key.publicPem());
        assertThat(SigningKey.publicKey(dir.resolve("pub.pem"))).isEqualTo(key.publicKey());
    }

    @Test
    void aKeyFileThatIsNoneSaysWhatItMustBe() throws IOException {
        Path pem = dir.resolve("state/evidence-key.pem");
        String other = Files.readString(pem).substring(0, Files.readString(pem).indexOf("-----BEGIN PUBLIC"))
                + SigningKey.at(dir.resolve("other.pem")).publicPem();
        Files.writeString(pem, other);
        assertThatThrownBy(() -> SigningKey.at(pem)).hasMessageContaining("is not that of the private key");
        Files.writeString(pem, "nothing");
        assertThatThrownBy(() -> SigningKey.at(pem)).hasMessageContaining("must be the PEM of an Ed25519 private key");
    }

    @Test
    void whatHasNoRoomIsLeftOutAndSaid() throws IOException {
        Bundle bundle = new Bundle("finding", "f-1");
        bundle.add("large", "much", new byte[(int) Bundle.MOST_BYTES]);
        bundle.add("more", "too much", new byte[1]);
        Files.write(file, bundle.signed(key, "2026-11-22T04:00:00Z", "Postern 1"));

        Verification verified = Verification.of(file, key.publicKey());
        assertThat(verified.problems()).isEmpty();
        assertThat(verified.manifest().orElseThrow().leftOut())
                .containsExactly(new Manifest.LeftOut("more", "it has 1 bytes, for which there was no room"));
    }

    private String problems() throws IOException {
        return Verification.of(file, key.publicKey()).problems().toString();
    }

    private Map<String, String> content() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                all.put(
                        entry.getName(),
                        SigningKey.sha256(zip.getInputStream(entry).readAllBytes()));
            }
        }
        return all;
    }

    private Map<String, String> content(byte[] whole) throws IOException {
        Files.write(file, whole);
        return content();
    }

    private interface Change {
        void make(Map<String, byte[]> files);
    }

    /** As somebody would who has no key. */
    private void rewrite(Change change) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                files.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        change.make(files);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> each : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(each.getKey()));
                zip.write(each.getValue());
            }
        }
        Files.write(file, out.toByteArray());
    }
}
