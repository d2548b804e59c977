package io.postern.gateway.identity;

import io.postern.config.document.Position;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is no longer believed before its time, as lines of a file:
 *
 * <pre>
 * # lost on the train
 * device LC01abcdef
 * key k1                       every tag and token this key vouches for
 * token 5d1f…                  the jti of one JWT
 * certificate 9f86d081…        hex SHA-256 of a client certificate's DER, colons allowed
 * </pre>
 *
 * Immutable. A device is meant in every profile and with every app.
 */
public final class Revoked {

    /** Lines of a file; some 100 MB when all are devices. */
    static final int MAX_LINES = 1_000_000;

    static final String PATH = "identity.revoked-file";

    public static final Revoked NOTHING = empty();

    private final Map<Kind, Set<String>> those;

    /** What is revoked; the label begins its lines. */
    public enum Kind {
        DEVICE(CompactTag.DEVICE.pattern()),
        KEY("\\S{1,128}"),
        TOKEN("\\S{1,128}"),
        CERTIFICATE("[0-9a-f]{64}");

        private final String label = name().toLowerCase(Locale.ROOT);
        private final Pattern grammar;

        Kind(String grammar) {
            this.grammar = Pattern.compile(grammar);
        }

        public String label() {
            return label;
        }
    }

    /** One line: what it is, and which. */
    public record Entry(Kind kind, String which) {
        public Entry {
            which = switch (kind) {
                case DEVICE -> DeviceId.of(which);
                case CERTIFICATE -> which.toLowerCase(Locale.ROOT).replace(":", "");
                case KEY, TOKEN -> which;
            };
        }

        /** What is wrong with it. */
        public Optional<String> fault() {
            return kind.grammar.matcher(which).matches()
                    ? Optional.empty()
                    : Optional.of("names '" + which + "', must match " + kind.grammar);
        }

        String line() {
            return kind.label() + " " + which;
        }
    }

    private Revoked(Map<Kind, Set<String>> those) {
        this.those = those;
    }

    private static Revoked empty() {
        Map<Kind, Set<String>> those = new EnumMap<>(Kind.class);
        Stream.of(Kind.values()).forEach(kind -> those.put(kind, new HashSet<>()));
        return new Revoked(those);
    }

    /**
     * Reads a list whole: half a list of the revoked is none.
     *
     * @param source what to call it in problems
     */
    public static Reading<Revoked> parse(String source, String text) {
        Revoked all = empty();
        Problems problems = new Problems();
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            String entry = line.strip();
            if (++number > MAX_LINES) {
                problems.add(new Position(source, number, 1), PATH, "has more than " + MAX_LINES + " lines");
                break;
            }
            if (!entry.isEmpty() && entry.charAt(0) != '#') {
                String wrong = all.add(entry);
                if (!wrong.isEmpty()) {
                    problems.add(new Position(source, number, 1), PATH, wrong);
                }
            }
        }
        return problems.none() ? Reading.of(all, new Problems()) : Reading.refused(problems, new Problems());
    }

    /** @return what is wrong with it; empty when it was taken */
    private String add(String entry) {
        String[] words = entry.split("\\s+", -1);
        if (words.length != 2) {
            return "is not two words, what and which";
        }
        Optional<Kind> kind = Stream.of(Kind.values())
                .filter(each -> each.label().equals(words[0]))
                .findFirst();
        if (kind.isEmpty()) {
            return "begins with '" + words[0] + "', must with device, key, token or certificate";
        }
        Entry read = new Entry(kind.get(), words[1]);
        Optional<String> fault = read.fault();
        if (fault.isEmpty()) {
            of(read.kind()).add(read.which());
        }
        return fault.orElse("");
    }

    private Set<String> of(Kind kind) {
        return those.getOrDefault(kind, Set.of());
    }

    /** Whether this very line is there, or one that means the same. */
    public boolean holds(Entry entry) {
        return of(entry.kind()).contains(entry.which());
    }

    /** Whether any of what says whose flow it is has been revoked. */
    public boolean covers(Identity identity) {
        return of(Kind.DEVICE).contains(identity.tag().device())
                || identity.proof().filter(this::covers).isPresent()
                || identity.certificate().filter(this::covers).isPresent();
    }

    private boolean covers(Proof.Authentic proof) {
        return of(Kind.DEVICE).contains(proof.device())
                || of(Kind.KEY).contains(proof.keyId())
                || proof.tokenId().filter(of(Kind.TOKEN)::contains).isPresent();
    }

    /** Whether it is revoked, or the device it was issued to. */
    boolean covers(ClientCertificate certificate) {
        Set<String> fingerprints = of(Kind.CERTIFICATE);
        return (!fingerprints.isEmpty() && fingerprints.contains(certificate.hex()))
                || certificate.device().filter(of(Kind.DEVICE)::contains).isPresent();
    }

    public int size() {
        return those.values().stream().mapToInt(Set::size).sum();
    }
}
