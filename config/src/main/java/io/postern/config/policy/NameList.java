package io.postern.config.policy;

import io.postern.config.document.Problem;
import io.postern.dns.names.DomainTable;
import io.postern.dns.names.Listed;
import io.postern.wire.ip.Prefix;
import io.postern.wire.ip.PrefixTable;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names and addresses that others collect, such as a feed of threats. Two lists are the same when they were read from
 * the same bytes in the same way.
 *
 * <p>A million names take some 54 MB: {@code bench/names} tells.
 */
public final class NameList {

    /** Of IPv4 as within ::ffff:0:0/96; of the same length the smallest is the last. */
    private static final Comparator<Prefix> BY_LENGTH = Comparator.<Prefix>comparingInt(
                    prefix -> prefix.length() + (prefix.address() instanceof Inet4Address ? 96 : 0))
            .thenComparing(Comparator.reverseOrder());

    private final String version;
    private final DomainTable<Listed> names;
    private final PrefixTable<Listed> addresses;
    private final PrefixTable<Listed> clients;
    private final boolean zone;
    private final int entries;
    private final List<Problem> skipped;

    /**
     * @param clients from where whoever asks is on it, or spared, whatever for
     * @param zone whether answers that lead through its names, or to its addresses, are on it, and not only flows
     */
    NameList(
            String version,
            DomainTable<Listed> names,
            PrefixTable<Listed> addresses,
            PrefixTable<Listed> clients,
            boolean zone,
            int entries,
            List<Problem> skipped) {
        this.version = version;
        this.names = names;
        this.addresses = addresses;
        this.clients = clients;
        this.zone = zone;
        this.entries = entries;
        this.skipped = List.copyOf(skipped);
    }

    /**
     * Whether a flow is on it: by who asks; else by its name, which spares the address where it is an exception; else by
     * that. What somebody only claims to ask for spares nothing.
     *
     * @param verified name that leads to the address
     */
    public boolean has(
            Optional<InetAddress> client,
            Optional<String> verified,
            Optional<String> claimed,
            Optional<InetAddress> address) {
        Optional<Listed> asker = client.flatMap(this::asking);
        if (asker.isPresent()) {
            return asker.get().counts();
        }
        Optional<Listed> name = verified.flatMap(this::named);
        return name.map(Listed::counts).orElse(false)
                || claimed.filter(this::has).isPresent()
                || (name.isEmpty() && address.filter(this::has).isPresent());
    }

    public boolean has(CharSequence name) {
        return find(name).isPresent();
    }

    /** What it says of a name, unless that is not on it. */
    public Optional<Listed> find(CharSequence name) {
        return named(name).filter(Listed::counts);
    }

    /**
     * What it says of a question, unless that is not on it: of who asks, else of the name, else of the first that this is another
     * name for, else of where the answer leads (draft-vixie-dnsop-dns-rpz, its rule of trigger types; BIND looks at each step of
     * a chain of aliases anew); an exception spares it what would come after.
     *
     * @param aliases in their order; none before there is an answer
     * @param answers none before there is an answer
     */
    public Optional<Listed> find(
            InetAddress client, CharSequence name, List<String> aliases, List<InetAddress> answers) {
        return asking(client)
                .or(() -> named(name))
                .or(() -> zone
                        ? aliases.stream()
                                .flatMap(alias -> named(alias).stream())
                                .findFirst()
                        : Optional.empty())
                .or(() -> zone ? answered(answers) : Optional.empty())
                .filter(Listed::counts);
    }

    /** Most lists have none of them. */
    private Optional<Listed> asking(InetAddress client) {
        return clients.isEmpty() ? Optional.empty() : clients.find(client);
    }

    private Optional<Listed> named(CharSequence name) {
        return Optional.ofNullable(names.find(name));
    }

    /** By the longest prefix around one of them, and the smallest of these. */
    private Optional<Listed> answered(List<InetAddress> answers) {
        return answers.stream()
                .flatMap(address -> addresses.around(address).stream())
                .max(BY_LENGTH)
                .flatMap(addresses::at);
    }

    public boolean has(InetAddress address) {
        return addresses.find(address).filter(Listed::counts).isPresent();
    }

    /** Whether an address may be on it, and not only names. */
    public boolean hasAddresses() {
        return !addresses.isEmpty();
    }

    /** Whether an answer may be on it by the names it leads through. */
    public boolean hasAliases() {
        return zone;
    }

    /** Whether an answer may be on it by the addresses it leads to. */
    public boolean hasAnswers() {
        return zone && hasAddresses();
    }

    /** Names and prefixes that were read. */
    public int entries() {
        return entries;
    }

    /** Lines that were no entry: some with their place, then how many. */
    List<Problem> skipped() {
        return skipped;
    }

    String version() {
        return version;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NameList list && list.version.equals(version);
    }

    @Override
    public int hashCode() {
        return version.hashCode();
    }
}
