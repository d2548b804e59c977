package io.postern.gateway.evidence;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import tools.jackson.core.JacksonException;

/**
 * Whether a bundle is as it was made.
 *
 * @param manifest absent when there is none, or it is not signed by that key; nothing it says counts then
 * @param problems each names the file; none: all is well
 */
public record Verification(Optional<Manifest> manifest, List<String> problems) {

    /** Entries; far more than any bundle has. */
    private static final int MOST_FILES = 256;

    private static final int MOST_MANIFEST = 1 << 20;
    private static final int SIGNATURE_BYTES = 64;

    public Verification {
        problems = List.copyOf(problems);
    }

    /** @throws IOException when the file cannot be read; that it is no bundle is a problem and no exception */
    public static Verification of(Path file, PublicKey key) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return of(zip, key);
        } catch (ZipException | IllegalArgumentException e) {
            return failed("it is no ZIP, or not a whole one: " + e.getMessage());
        }
    }

    private static Verification of(ZipFile zip, PublicKey key) throws IOException {
        if (zip.size() > MOST_FILES) {
            return failed("it has " + zip.size() + " entries, must have " + MOST_FILES + " at most");
        }
        Optional<byte[]> text = bytes(zip, Manifest.NAME, MOST_MANIFEST);
        Optional<byte[]> signature = bytes(zip, Manifest.SIGNATURE, SIGNATURE_BYTES);
        if (text.isEmpty() || signature.isEmpty()) {
            return failed((text.isEmpty() ? Manifest.NAME : Manifest.SIGNATURE) + ": is missing or too long");
        }
        if (!SigningKey.signedBy(key, text.get(), signature.get())) {
            return failed(Manifest.NAME + ": was changed, or was signed by another key than " + SigningKey.id(key));
        }
        Manifest manifest;
        try {
            manifest = Manifest.read(text.get());
        } catch (JacksonException e) {
            return failed(Manifest.NAME + ": is signed, and is no manifest of this version");
        }
        if (!manifest.format().equals(Manifest.FORMAT)) {
            return failed(Manifest.NAME + ": has format " + manifest.format() + ", must be " + Manifest.FORMAT);
        }
        return new Verification(Optional.of(manifest), files(zip, manifest));
    }

    private static List<String> files(ZipFile zip, Manifest manifest) throws IOException {
        List<String> problems = new ArrayList<>();
        Set<String> told = new HashSet<>(Set.of(Manifest.NAME, Manifest.SIGNATURE));
        for (Manifest.File file : manifest.files()) {
            told.add(file.name());
            if (zip.getEntry(file.name()) == null) {
                problems.add(file.name() + ": is missing");
                continue;
            }
            // A file that is longer than it was need not be read to its end.
            int most = (int) Math.min(file.bytes(), Bundle.MOST_BYTES);
            boolean same = bytes(zip, file.name(), most)
                    .filter(content -> SigningKey.sha256(content).equals(file.sha256()))
                    .isPresent();
            if (!same) {
                problems.add(file.name() + ": was changed");
            }
        }
        Set<String> seen = new HashSet<>();
        zip.stream().map(ZipEntry::getName).forEach(name -> {
            if (!told.contains(name)) {
                problems.add(name + ": was added");
            } else if (!seen.add(name)) {
                problems.add(name + ": is there twice");
            }
        });
        return problems;
    }

    /** Empty of what is not there or is longer. */
    private static Optional<byte[]> bytes(ZipFile zip, String name, int most) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            return Optional.empty();
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] content = in.readNBytes(most + 1);
            return content.length > most ? Optional.empty() : Optional.of(content);
        } catch (ZipException | EOFException e) {
            // Its head was changed, or what was compressed is not any more.
            return Optional.empty();
        }
    }

    private static Verification failed(String what) {
        return new Verification(Optional.empty(), List.of(what));
    }
}
