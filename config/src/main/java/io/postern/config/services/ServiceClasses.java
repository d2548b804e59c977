package io.postern.config.services;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.DomainTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

    private final DomainTable<Set<String>> shipped;
    private final DomainTable<Set<String>> added;

    private ServiceClasses(DomainTable<Set<String>> shipped, DomainTable<Set<String>> added) {
        this.shipped = shipped;
        this.added = added;
    }

    /** The shipped lists alone; some 3,000 patterns and 300 KB, read once per process. */
    public static ServiceClasses shipped() {
        return Shipped.ALONE;
    }

    /** With a policy's own classes beside the shipped ones; patterns that cannot be read are left out. */
    public ServiceClasses with(Map<String, List<String>> classes) {
        DomainTable.Builder<Set<String>> table = DomainTable.builder(ServiceClasses::union);
        classes.forEach((name, patterns) -> patterns.forEach(
                text -> DomainPattern.parse(text).ifPresent(pattern -> table.add(pattern, Set.of(name)))));
        return new ServiceClasses(shipped, table.build());
    }

    /** Allocates only for a name that both the lists and the policy know. */
    public Set<String> of(CharSequence host) {
        @Nullable Set<String> known = shipped.find(host);
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
        static final ServiceClasses ALONE = new ServiceClasses(
                read(), DomainTable.<Set<String>>builder(ServiceClasses::union).build());

        /** Lines of {@code class[,class…]<TAB>pattern}; {@code #} begins a line of comment. */
        private static DomainTable<Set<String>> read() {
            DomainTable.Builder<Set<String>> table = DomainTable.builder(ServiceClasses::union);
            Map<String, Set<String>> sets = new HashMap<>();
            try (BufferedReader lines = open()) {
                for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                    int tab = line.indexOf('\t');
                    if (tab > 0 && line.charAt(0) != '#') {
                        Set<String> classes = sets.computeIfAbsent(
                                line.substring(0, tab),
                                names -> Collections.unmodifiableSet(new TreeSet<>(List.of(names.split(",", -1)))));
                        table.add(DomainPattern.parse(line.substring(tab + 1)).orElseThrow(), classes);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return table.build();
        }

        private static BufferedReader open() {
            @Nullable InputStream in = ServiceClasses.class.getResourceAsStream("service-classes.tsv");
            if (in == null) {
                throw new IllegalStateException("no resource service-classes.tsv");
            }
            return new BufferedReader(new InputStreamReader(in, UTF_8));
        }
    }
}
