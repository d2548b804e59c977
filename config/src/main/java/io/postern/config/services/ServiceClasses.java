package io.postern.config.services;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.DomainTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The service classes of a host name: what the most specific shipped pattern says, and what the most specific pattern
 * of the policy adds. A name that neither knows is {@value #GENERIC}.
 *
 * <p>A class by domain is evidence, not proof: a platform's name may stand for an app's back end or an SDK. The shipped
 * lists and why they are mapped as they are: {@code SERVICE-CLASSES.md} beside them.
 */
public final class ServiceClasses {

    /** What no list knows. */
    public static final String GENERIC = "generic-https";

    /** The classes that are always there; a policy may add others. */
    public static final List<String> NAMES = List.of(
            "app-backend",
            "app-store",
            "cdn",
            "cloud-storage",
            "code-hosting",
            "collaboration",
            "connectivity-check",
            "doh-resolver",
            GENERIC,
            "login",
            "messaging",
            "paste",
            "push",
            "sdk-ads",
            "sdk-analytics",
            "social");

    private static final Set<String> UNKNOWN = Set.of(GENERIC);
    private static final String SOURCE = "# source: ";
    private static final String DATE = "# date: ";
    private static final Pattern CLASSES = Pattern.compile("[a-z0-9-]{1,64}(,[a-z0-9-]{1,64})*");

    /**
     * Where the classes are from.
     *
     * @param source as the head of the list has it; empty if it does not say
     * @param date when the list was made; empty if it does not say
     */
    public record Provenance(String source, String date, int patterns) {}

    private final DomainTable<Set<String>> listed;
    private final DomainTable<Set<String>> added;
    private final Provenance provenance;

    private ServiceClasses(DomainTable<Set<String>> listed, DomainTable<Set<String>> added, Provenance provenance) {
        this.listed = listed;
        this.added = added;
        this.provenance = provenance;
    }

    /** The shipped lists alone; some 3,000 patterns and 300 KB, read once per process. */
    public static ServiceClasses shipped() {
        return Shipped.ALONE;
    }

    /**
     * A list of one's own instead of the shipped one, as {@link ServiceClassList} makes it.
     *
     * @throws IOException if the file cannot be read, or with the first line that is not one
     */
    public static ServiceClasses read(Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
            return of(lines, file.toString());
        }
    }

    /** Lines of {@code class[,class…]<TAB>pattern}; {@code #} begins a line of comment. */
    private static ServiceClasses of(BufferedReader lines, String name) throws IOException {
        DomainTable.Builder<Set<String>> table = DomainTable.builder(ServiceClasses::union);
        Map<String, Set<String>> sets = new HashMap<>();
        String source = "";
        String date = "";
        int patterns = 0;
        int number = 0;
        for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.startsWith("#")) {
                source = line.startsWith(SOURCE) ? line.substring(SOURCE.length()) : source;
                date = line.startsWith(DATE) ? line.substring(DATE.length()) : date;
            } else if (!line.isBlank()) {
                int tab = line.indexOf('\t');
                Optional<DomainPattern> pattern = DomainPattern.parse(line.substring(tab + 1));
                if (tab <= 0
                        || pattern.isEmpty()
                        || !CLASSES.matcher(line.substring(0, tab)).matches()) {
                    throw new IOException(name + ":" + number + ": is not class[,class…], a tab and a pattern");
                }
                table.add(
                        pattern.get(),
                        sets.computeIfAbsent(
                                line.substring(0, tab),
                                names -> Collections.unmodifiableSet(new TreeSet<>(List.of(names.split(",", -1))))));
                patterns++;
            }
        }
        return new ServiceClasses(
                table.build(),
                DomainTable.<Set<String>>builder(ServiceClasses::union).build(),
                new Provenance(source, date, patterns));
    }

    /** Where the list is from; what a policy adds is not of it. */
    public Provenance provenance() {
        return provenance;
    }

    /** With a policy's own classes beside the list's; patterns that cannot be read are left out. */
    public ServiceClasses with(Map<String, List<String>> classes) {
        DomainTable.Builder<Set<String>> table = DomainTable.builder(ServiceClasses::union);
        classes.forEach((name, patterns) -> patterns.forEach(
                text -> DomainPattern.parse(text).ifPresent(pattern -> table.add(pattern, Set.of(name)))));
        return new ServiceClasses(listed, table.build(), provenance);
    }

    /** Allocates only for a name that both the list and the policy know. */
    public Set<String> of(CharSequence host) {
        @Nullable Set<String> known = listed.find(host);
        @Nullable Set<String> ours = added.find(host);
        if (known == null) {
            return ours == null ? UNKNOWN : ours;
        }
        return ours == null || known.containsAll(ours) ? known : union(known, ours);
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new TreeSet<>(one);
        all.addAll(other);
        return Collections.unmodifiableSet(all);
    }

    /** Read when first asked for. */
    private static final class Shipped {
        static final ServiceClasses ALONE = read();

        private static ServiceClasses read() {
            Optional<InputStream> in =
                    Optional.ofNullable(ServiceClasses.class.getResourceAsStream("service-classes.tsv"));
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(in.orElseThrow(), UTF_8))) {
                return of(lines, "service-classes.tsv");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
