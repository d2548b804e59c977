package io.postern.dns.names;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.IDN;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose name is it? The registrable domain of a host, by the Public Suffix List, both of its sections: the longest rule
 * that matches, one label more.
 *
 * <pre>
 * uk, co.uk    www.acme.co.uk  ->  acme.co.uk       a rule
 * *.ck         a.b.other.ck    ->  b.other.ck       one label more, whatever it is
 * !www.ck      a.www.ck        ->  www.ck           one label less
 *              a.acme.intern   ->  acme.intern      no rule: the last label is the suffix
 * github.io    acme.github.io  ->  acme.github.io   private section
 * </pre>
 *
 * <p>Rules are kept as A-labels; a host may be written in either form and is answered in its own. A lookup is one of a
 * {@link DomainTable}, and allocates nothing for hosts in A-labels but the answer where that is not the host itself. The
 * shipped list: {@code PUBLIC-SUFFIXES.md} beside it. Immutable, for any number of threads.
 */
public final class PublicSuffixes {

    /** The date of the shipped list. */
    public static final LocalDate SHIPPED = LocalDate.of(2023, 2, 9);

    /** Pattern to the number of labels of the suffix that it stands for. */
    private final DomainTable<Integer> labels;

    private PublicSuffixes(DomainTable<Integer> labels) {
        this.labels = labels;
    }

    /** The shipped list: some 9,000 rules in 700 KB, read once per process. */
    public static PublicSuffixes shipped() {
        return Shipped.LIST;
    }

    /**
     * Reads a list in the form of publicsuffix.org. Lines that hold no rule that DNS could carry are left out.
     *
     * @throws IOException if the reader does
     */
    public static PublicSuffixes read(Reader list) throws IOException {
        DomainTable.Builder<Integer> table = DomainTable.builder(Math::max);
        BufferedReader lines = new BufferedReader(list);
        for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
            add(table, rule(line));
        }
        return new PublicSuffixes(table.build());
    }

    /** A rule ends at the first white space; comments begin with two slashes. */
    private static String rule(String line) {
        int end = 0;
        while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
            end++;
        }
        return line.startsWith("//") ? "" : line.substring(0, end);
    }

    private static void add(DomainTable.Builder<Integer> table, String rule) {
        boolean exception = rule.startsWith("!");
        boolean wild = rule.startsWith("*.");
        String suffix = ascii(rule.substring(exception ? 1 : wild ? 2 : 0));
        int length = count(suffix) + (wild ? 1 : exception ? -1 : 0);
        DomainPattern.parse((wild ? "*." : ".") + suffix).ifPresent(pattern -> table.add(pattern, length));
    }

    /**
     * The registrable domain of a host: lower case, no trailing dot.
     *
     * @return empty when there is none: the host is a suffix, an address or no name at all
     */
    public String registrable(String host) {
        int from = start(host);
        if (from < 0) {
            return "";
        }
        String domain = host.substring(from, end(host));
        for (int i = 0; i < domain.length(); i++) {
            char c = domain.charAt(i);
            if (c > 0x7F || (c >= 'A' && c <= 'Z')) {
                return domain.toLowerCase(Locale.ROOT);
            }
        }
        return domain;
    }

    /** Where in the host its registrable domain begins; negative when there is none. */
    public int start(String host) {
        int end = end(host);
        Shape shape = Shape.of(host, end);
        return switch (shape) {
            case BROKEN -> -1;
            case ASCII -> cut(host, end, suffixLabels(host));
            // Every label of one form is one label of the other, so they may be counted in either.
            case INTERNATIONAL -> {
                String ascii = ascii(host.substring(0, end));
                yield ascii.isEmpty() ? -1 : cut(host, end, suffixLabels(ascii));
            }
        };
    }

    private int suffixLabels(String host) {
        @Nullable Integer found = labels.find(host);
        return found == null ? 1 : found;
    }

    /** The place of the last labels, one more than the suffix has. */
    private static int cut(String host, int end, int suffixLabels) {
        int missing = suffixLabels + 1;
        for (int at = end - 1; at >= 0; at--) {
            if (host.charAt(at) == '.' && --missing == 0) {
                return at + 1;
            }
        }
        return missing == 1 ? 0 : -1;
    }

    private static int end(String host) {
        return host.endsWith(".") ? host.length() - 1 : host.length();
    }

    private static int count(String name) {
        return 1 + (int) name.chars().filter(c -> c == '.').count();
    }

    /** A-labels; empty when there are none for it. */
    private static String ascii(String name) {
        try {
            return IDN.toASCII(name, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** What a text is before it is looked up. */
    private enum Shape {
        /** Empty or too long, with an empty label, an IPv6 address, or with a last label that is a number. */
        BROKEN,
        ASCII,
        INTERNATIONAL;

        static Shape of(String host, int end) {
            if (end == 0 || end > DomainPattern.MAX_NAME) {
                return BROKEN;
            }
            boolean digits = true;
            boolean ascii = true;
            int label = 0;
            for (int at = 0; at < end; at++) {
                char c = host.charAt(at);
                if (c == ':' || (c == '.' && label == 0)) {
                    return BROKEN;
                }
                label = c == '.' ? 0 : label + 1;
                digits = c == '.' || (digits && c >= '0' && c <= '9');
                ascii &= c <= 0x7F;
            }
            return label == 0 || digits ? BROKEN : ascii ? ASCII : INTERNATIONAL;
        }
    }

    /** Read when first asked for. */
    private static final class Shipped {
        static final PublicSuffixes LIST = list();

        private static PublicSuffixes list() {
            Optional<InputStream> in =
                    Optional.ofNullable(PublicSuffixes.class.getResourceAsStream("public-suffixes.dat"));
            try (Reader list = new InputStreamReader(in.orElseThrow(), UTF_8)) {
                return read(list);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
