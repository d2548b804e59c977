package io.postern.gateway.identity;

import io.postern.config.document.Position;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

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

    public static final Revoked NOTHING = new Revoked(Set.of(), Set.of(), Set.of(), Set.of());

    /** Lines of a file; some 100 MB when all are devices. */
    static final int MAX_LINES = 1_000_000;

    static final String PATH = "identity.revoked-file";
    private static final Pattern ANY = Pattern.compile("\\S{1,128}");
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");

    private final Set<String> devices;
    private final Set<String> keys;
    private final Set<String> tokens;
    private final Set<String> certificates;

    private Revoked(Set<String> devices, Set<String> keys, Set<String> tokens, Set<String> certificates) {
        this.devices = devices;
        this.keys = keys;
        this.tokens = tokens;
        this.certificates = certificates;
    }

    /**
     * Reads a list whole: half a list of the revoked is none.
     *
     * @param source what to call it in problems
     */
    public static Reading<Revoked> parse(String source, String text) {
        Revoked all = new Revoked(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
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
        String which = words[1];
        return switch (words[0]) {
            case "device" -> add(devices, CompactTag.DEVICE, which);
            case "key" -> add(keys, ANY, which);
            case "token" -> add(tokens, ANY, which);
            case "certificate" ->
                add(certificates, FINGERPRINT, which.toLowerCase(Locale.ROOT).replace(":", ""));
            default -> "begins with '" + words[0] + "', must with device, key, token or certificate";
        };
    }

    private static String add(Set<String> those, Pattern grammar, String which) {
        if (!grammar.matcher(which).matches()) {
            return "names '" + which + "', must match " + grammar;
        }
        those.add(which);
        return "";
    }

    /** Whether any of what says whose flow it is has been revoked. */
    public boolean covers(Identity identity) {
        return devices.contains(identity.tag().device())
                || identity.proof().filter(this::covers).isPresent()
                || identity.certificate().filter(this::covers).isPresent();
    }

    private boolean covers(Proof.Authentic proof) {
        return devices.contains(proof.device())
                || keys.contains(proof.keyId())
                || proof.tokenId().filter(tokens::contains).isPresent();
    }

    private boolean covers(ClientCertificate certificate) {
        return (!certificates.isEmpty() && certificates.contains(certificate.hex()))
                || certificate.device().filter(devices::contains).isPresent();
    }

    public int size() {
        return devices.size() + keys.size() + tokens.size() + certificates.size();
    }
}
