package io.postern.config.services;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.wire.ip.HostText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The service classes of addresses that are of one service alone, whatever name is said to them: public resolvers, which apps
 * carry with them by address. {@code SERVICE-CLASSES.md} beside the list says where it is from. Immutable.
 */
public final class ServiceAddresses {

    private final Map<InetAddress, Set<String>> classes;
    private final Set<String> known;

    private ServiceAddresses(Map<InetAddress, Set<String>> classes) {
        this.classes = Map.copyOf(classes);
        this.known = classes.values().stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
    }

    /** The shipped list; some 70 addresses, read once per process. */
    public static ServiceAddresses shipped() {
        return Shipped.LIST;
    }

    /** Nothing for an address that is not listed, which says nothing of it. */
    public Set<String> of(InetAddress address) {
        return classes.getOrDefault(address, Set.of());
    }

    /** Whether any address is of one of these classes. */
    public boolean areOf(Collection<String> some) {
        return !Collections.disjoint(known, some);
    }

    /** All that are listed. */
    public Set<InetAddress> all() {
        return classes.keySet();
    }

    /** Lines of {@code class<TAB>address}; {@code #} begins a line of comment. */
    private static ServiceAddresses of(BufferedReader lines) throws IOException {
        Map<InetAddress, Set<String>> classes = new HashMap<>();
        for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.startsWith("#")) {
                int tab = line.indexOf('\t');
                if (!(HostText.of(line.substring(tab + 1)) instanceof HostText.Literal literal)) {
                    throw new IOException(line + ": is not a class, a tab and an address");
                }
                classes.put(literal.address(), Set.of(line.substring(0, tab)));
            }
        }
        return new ServiceAddresses(classes);
    }

    /** Read when first asked for. */
    private static final class Shipped {
        static final ServiceAddresses LIST = read();

        private static ServiceAddresses read() {
            Optional<InputStream> in =
                    Optional.ofNullable(ServiceAddresses.class.getResourceAsStream("service-addresses.tsv"));
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(in.orElseThrow(), UTF_8))) {
                return of(lines);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
