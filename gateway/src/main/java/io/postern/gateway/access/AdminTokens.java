package io.postern.gateway.access;

import io.postern.config.AdminRole;
import io.postern.config.document.Position;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All tokens of a file, in its order. Immutable. */
public final class AdminTokens {

    public static final AdminTokens NONE = new AdminTokens(List.of());

    /** Each is hashed for every request that shows a token: a tenth of a millisecond altogether. */
    static final int MAX = 256;

    private static final String PATH = "admin.tokens-file";

    private final List<AdminToken> tokens;

    private AdminTokens(List<AdminToken> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    /**
     * Reads a file whole: every bad line is told, and then none counts. Empty lines and those that begin with # are
     * skipped.
     *
     * @param source what to call it in problems
     */
    public static Reading<AdminTokens> parse(String source, String text) {
        Problems problems = new Problems();
        List<AdminToken> tokens = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Position at = new Position(source, number, 1);
            Optional<AdminToken> token = token(line, at, problems);
            if (token.isPresent()) {
                Integer before = lines.putIfAbsent(token.get().name(), number);
                if (before != null) {
                    problems.add(at, PATH, "names '" + token.get().name() + "', which is taken by line " + before);
                }
                tokens.add(token.get());
            }
        }
        if (tokens.size() > MAX) {
            problems.add(Position.of(source), PATH, "has " + tokens.size() + " tokens, must have at most " + MAX);
        }
        return problems.none()
                ? Reading.of(new AdminTokens(tokens), new Problems())
                : Reading.refused(problems, new Problems());
    }

    /** Quotes nothing but names and roles: the rest of a line may be a secret that stands in the wrong place. */
    private static Optional<AdminToken> token(String line, Position at, Problems problems) {
        String[] parts = line.split(":", -1);
        if (parts.length != 4) {
            problems.add(at, PATH, "has " + parts.length + " parts, must be name:role:salt:hash");
            return Optional.empty();
        }
        Optional<AdminRole> role = AdminRole.of(parts[1]);
        boolean named = AdminToken.NAME.matcher(parts[0]).matches();
        boolean salted = AdminToken.SALT.matcher(parts[2]).matches();
        boolean hashed = AdminToken.HASH.matcher(parts[3]).matches();
        if (!named) {
            problems.add(at, PATH, "begins with no name, must be 1–32 of A-Z a-z 0-9 _ -");
        }
        if (role.isEmpty()) {
            problems.add(at, PATH, "has a role that is not known, must be viewer, operator or admin");
        }
        if (!salted) {
            problems.add(at, PATH, "has a salt that is none, must be 16–64 of A-Z a-z 0-9 _ -");
        }
        if (!hashed) {
            problems.add(at, PATH, "has a hash that is none, must be 64 lower-case hexadecimal digits");
        }
        return role.filter(known -> named && salted && hashed)
                .map(known -> new AdminToken(parts[0], known, parts[2], parts[3]));
    }

    /** Whose token this is. Every one is tried, whichever fits, so that the time tells nothing. */
    Optional<Actor> actor(String presented) {
        if (presented.length() > AdminToken.MAX_TOKEN) {
            return Optional.empty();
        }
        Optional<Actor> found = Optional.empty();
        for (AdminToken token : tokens) {
            if (token.holds(presented)) {
                found = Optional.of(new Actor(token.name(), token.role(), Actor.By.TOKEN));
            }
        }
        return found;
    }

    public List<AdminToken> all() {
        return tokens;
    }
}
