package io.postern.gateway.enrolment;

import io.postern.gateway.state.OwnFile;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Profiles of many devices in a folder, one file each, and beside them {@value #MANIFEST}: what was issued, for whom and
 * until when. The manifest holds no credential.
 */
public final class ProfileFolder {

    public static final String MANIFEST = "manifest.ndjson";

    /**
     * What was issued.
     *
     * @param until when its tags expire; empty where there are none
     * @param key which signed them; empty where there are none
     * @param offer digest of what it has in common with others; empty in a manifest that has none yet
     */
    public record Issued(
            Enrollee who,
            String format,
            String file,
            Optional<Instant> until,
            Optional<String> key,
            Optional<String> offer) {}

    private final Path folder;
    private final Map<String, Issued> issued = new LinkedHashMap<>();

    private ProfileFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes the folder, or reads what was issued into it before.
     *
     * @throws IOException also when the manifest is not one of ours
     */
    public static ProfileFolder open(Path folder) throws IOException {
        OwnFile.folder(folder);
        ProfileFolder opened = new ProfileFolder(folder);
        Path manifest = folder.resolve(MANIFEST);
        if (Files.exists(manifest)) {
            try (BufferedReader lines = Files.newBufferedReader(manifest)) {
                int number = 0;
                String line;
                while ((line = lines.readLine()) != null) {
                    number++;
                    try {
                        opened.remember(read(JsonMapper.shared().readTree(line)));
                    } catch (JacksonException | DateTimeParseException e) {
                        throw new IOException(manifest + ":" + number + ": is no line of a manifest", e);
                    }
                }
            }
        }
        return opened;
    }

    public Collection<Issued> all() {
        return List.copyOf(issued.values());
    }

    public Optional<Issued> issued(Enrollee who) {
        return Optional.ofNullable(issued.get(name(who)));
    }

    /** Writes one profile; {@link #close} makes it known. */
    public void write(
            Enrollee who,
            ProfileFormat format,
            String text,
            Optional<Instant> until,
            Optional<String> key,
            String offer)
            throws IOException {
        String file = name(who) + "." + format.extension();
        OwnFile.replaceSoon(folder.resolve(file), text.getBytes(StandardCharsets.UTF_8));
        remember(new Issued(who, format.label(), file, until, key, Optional.of(offer)));
    }

    /** Writes the manifest. What was written since it was opened is there already, and is issued again without it. */
    public void close() throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Issued each : issued.values()) {
            lines.write(JsonMapper.shared().writeValueAsBytes(written(each)));
            lines.write('\n');
        }
        OwnFile.replaceSoon(folder.resolve(MANIFEST), lines.toByteArray());
    }

    private void remember(Issued what) {
        issued.put(name(what.who()), what);
    }

    /** Neither part of the grammar has a dot. */
    private static String name(Enrollee who) {
        return who.device() + "." + who.profile();
    }

    private static ObjectNode written(Issued what) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("device", what.who().device()).put("profile", what.who().profile());
        what.who().apps().forEach(line.putArray("apps")::add);
        if (!what.who().addresses().isEmpty()) {
            line.put("address", String.join(" ", what.who().addresses()));
        }
        line.put("format", what.format()).put("file", what.file());
        what.until().ifPresent(until -> line.put("until", until.toString()));
        what.key().ifPresent(key -> line.put("key", key));
        what.offer().ifPresent(offer -> line.put("offer", offer));
        return line;
    }

    private static Issued read(JsonNode line) {
        List<String> apps = new ArrayList<>();
        line.path("apps").forEach(app -> apps.add(app.asString("")));
        return new Issued(
                new Enrollee(
                        line.path("device").asString(""),
                        line.path("profile").asString(""),
                        apps,
                        text(line, "address")
                                .map(text -> List.of(text.split(" ")))
                                .orElse(List.of())),
                line.path("format").asString(""),
                line.path("file").asString(""),
                text(line, "until").map(Instant::parse),
                text(line, "key"),
                text(line, "offer"));
    }

    private static Optional<String> text(JsonNode line, String member) {
        return Optional.of(line.path(member).asString("")).filter(text -> !text.isEmpty());
    }
}
