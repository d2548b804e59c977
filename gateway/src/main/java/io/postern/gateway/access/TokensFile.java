package io.postern.gateway.access;

import io.postern.config.AdminRole;
import io.postern.config.GatewaySettings;
import io.postern.config.document.Position;
import io.postern.config.document.Problem;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import io.postern.gateway.state.OwnFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and changes a tokens file. A change writes another file and puts it in its place; both are their owner's only. */
public final class TokensFile {

    private static final Logger LOG = LoggerFactory.getLogger(TokensFile.class);
    private static final int MAX_BYTES = 1 << 20;

    private final Path file;

    public TokensFile(Path file) {
        this.file = file;
    }

    /** Makes the gateway's own file with one admin token where there is none yet. */
    public static void prepare(GatewaySettings.Admin settings) throws IOException {
        if (settings.api() && settings.firstToken().isPresent() && !Files.exists(settings.tokens())) {
            String token = AdminToken.fresh();
            write(settings.firstToken().get(), token + "\n");
            write(
                    settings.tokens(),
                    AdminToken.of("admin", AdminRole.ADMIN, token).line() + "\n");
            LOG.info("admin token made file={}", settings.firstToken().get());
        }
    }

    /** What is wrong with the tokens of these settings; nothing where they have yet to be made. */
    public static List<Problem> problems(GatewaySettings.Admin settings) {
        boolean ownToMake = settings.firstToken().isPresent() && !Files.exists(settings.tokens());
        return settings.api() && !ownToMake
                ? new TokensFile(settings.tokens()).read().problems()
                : List.of();
    }

    /** All tokens, or all problems at once. Not for an event loop. */
    public Reading<AdminTokens> read() {
        try {
            if (Files.size(file) > MAX_BYTES) {
                return refused("has " + Files.size(file) + " bytes, must have at most " + MAX_BYTES);
            }
            return AdminTokens.parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return refused("cannot be read: " + e);
        }
    }

    private Reading<AdminTokens> refused(String what) {
        Problems problems = new Problems();
        problems.add(Position.of(file.toString()), "admin.tokens-file", what);
        return Reading.refused(problems, new Problems());
    }

    /** @throws IOException also when the file as it is does not read: a change must not hide that */
    public void add(AdminToken token) throws IOException {
        OwnFile.alone(file, () -> {
            added(token);
            return token;
        });
    }

    private void added(AdminToken token) throws IOException {
        List<AdminToken> all = new ArrayList<>(good());
        if (all.stream().anyMatch(other -> other.name().equals(token.name()))) {
            throw new IOException(file + " has a token named " + token.name() + " already");
        }
        if (all.size() >= AdminTokens.MAX) {
            throw new IOException(file + " has " + all.size() + " tokens, must have at most " + AdminTokens.MAX);
        }
        String before = text();
        write(file, before + (before.isEmpty() || before.endsWith("\n") ? "" : "\n") + token.line() + "\n");
    }

    /** @throws IOException when there is no token of the name, or as {@link #add} */
    public void remove(String name) throws IOException {
        OwnFile.alone(file, () -> {
            removed(name);
            return name;
        });
    }

    private void removed(String name) throws IOException {
        if (good().stream().noneMatch(token -> token.name().equals(name))) {
            throw new IOException(file + " has no token named " + name);
        }
        write(
                file,
                text().lines()
                        .filter(line -> !line.startsWith(name + ":"))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining()));
    }

    private List<AdminToken> good() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        Reading<AdminTokens> reading = read();
        if (reading.value().isEmpty()) {
            throw new IOException(reading.problems().get(0).toString());
        }
        return reading.value().get().all();
    }

    private String text() throws IOException {
        return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    }

    private static void write(Path file, String text) throws IOException {
        OwnFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
