package io.postern.config.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.config.document.Position;
import io.postern.config.document.Problem;
import io.postern.config.grammar.Addresses;
import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.DomainPattern.Reach;
import io.postern.dns.names.DomainTable;
import io.postern.dns.names.Listed;
import io.postern.dns.rpz.RpzReader;
import io.postern.wire.ip.Prefix;
import io.postern.wire.ip.PrefixTable;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One list from its files, line by line:
 *
 * <pre>
 * bad.example                    as destinations are written: a name, a pattern, an address or a prefix
 * 198.51.100.0/24
 * 0.0.0.0 bad.example www.bad.example     a hosts file; names without a dot, such as localhost, are left out
 * # comment
 * </pre>
 *
 * or, where it says so, as a response policy zone ({@link RpzReader}).
 *
 * <p>A feed is not ours to mend: a line that is none of these is skipped and told, the first {@value #TOLD} with their
 * place but not their text: the file may be another than was meant, and the reader not its owner. A file in which more than one line in ten is none of these is no list at all and refused.
 */
final class NameListParser {

    /** Of one file. */
    static final int MAX_LINES = 2_000_000;

    private static final int TOLD = 10;
    private static final String SKIPPED = "is neither a name nor an address, and is skipped";

    private final boolean subdomains;
    private final boolean mayBeEmpty;
    private final boolean rpz;
    private final DomainTable.Builder<Listed> names = DomainTable.builder(Listed::and);
    private final Map<Prefix, Listed> addresses = new HashMap<>();
    private final Map<Prefix, Listed> clients = new HashMap<>();
    private final List<Problem> skipped = new ArrayList<>();
    private int entries;

    /**
     * @param subdomains whether a plain name stands for the names below it as well
     * @param rpz whether its files are response policy zones
     * @param mayBeEmpty whether a file may hold none; otherwise such a one is refused
     */
    NameListParser(boolean subdomains, boolean rpz, boolean mayBeEmpty) {
        this.subdomains = subdomains;
        this.rpz = rpz;
        this.mayBeEmpty = mayBeEmpty;
    }

    /** Adds a file; why it is refused, if it is. */
    Optional<String> read(String file, byte[] bytes) {
        if (bytes.length > NameLists.MAX_BYTES) {
            return Optional.of(file + " is too long, must have at most " + NameLists.MAX_BYTES + " bytes");
        }
        return rpz ? zone(file, bytes) : lines(file, bytes);
    }

    private Optional<String> zone(String file, byte[] bytes) {
        int before = entries;
        Zone zone = new Zone(file);
        int filled = RpzReader.read(bytes, MAX_LINES, zone);
        if (filled < 0) {
            return tooMany(file);
        }
        Optional<String> refused = judged(file, filled, zone.unread);
        return refused.isEmpty() && entries == before && !mayBeEmpty ? Optional.of(nothing(file)) : refused;
    }

    /** What is read of one zone. */
    private final class Zone implements RpzReader.Sink {

        private final String file;
        private int unread;
        /** Most zones lead all that they lead astray to the same place. */
        private final Map<Listed, Listed> same = new HashMap<>();

        Zone(String file) {
            this.file = file;
        }

        @Override
        public void name(DomainPattern pattern, Listed listed) {
            names.add(widened(pattern), once(listed));
            entries++;
        }

        @Override
        public void address(Prefix prefix, Listed listed) {
            addresses.merge(prefix, once(listed), Listed::and);
            entries++;
        }

        @Override
        public void client(Prefix prefix, Listed listed) {
            clients.merge(prefix, once(listed), Listed::and);
            entries++;
        }

        private Listed once(Listed listed) {
            return same.computeIfAbsent(listed, each -> each);
        }

        @Override
        public void skipped(int line, String why) {
            if (++unread <= TOLD) {
                skipped.add(Problem.of(new Position(file, line, 1), "", why + ", and is skipped"));
            }
        }
    }

    private static Optional<String> tooMany(String file) {
        return Optional.of(file + " has too many lines, must have at most " + MAX_LINES);
    }

    private static String nothing(String file) {
        return file + " holds no name and no address; say allow-empty: true if that may be";
    }

    private Optional<String> lines(String file, byte[] bytes) {
        int lines = 0;
        int filled = 0;
        int unread = 0;
        for (int from = 0; from < bytes.length; lines++) {
            if (lines == MAX_LINES) {
                return tooMany(file);
            }
            int to = from;
            while (to < bytes.length && bytes[to] != '\n') {
                to++;
            }
            String text = uncommented(new String(bytes, from, to - from, UTF_8));
            from = to + 1;
            if (!text.isEmpty()) {
                filled++;
                if (!line(text) && ++unread <= TOLD) {
                    skipped.add(Problem.of(new Position(file, lines + 1, 1), "", SKIPPED));
                }
            }
        }
        return judged(file, filled, unread);
    }

    private Optional<String> judged(String file, int filled, int unread) {
        if (unread > TOLD) {
            skipped.add(Problem.of(
                    Position.of(file), "", unread + " lines of " + filled + " are skipped, " + TOLD + " of them told"));
        }
        if (filled == 0 && !mayBeEmpty) {
            return Optional.of(nothing(file));
        }
        return unread * 10L > filled
                ? Optional.of(file + " is not a list: " + unread + " of " + filled
                        + " lines are neither a name nor an address")
                : Optional.empty();
    }

    private static String uncommented(String line) {
        int comment = line.indexOf('#');
        return (comment < 0 ? line : line.substring(0, comment)).strip();
    }

    private boolean line(String text) {
        String[] words = text.split("\\s+", -1);
        return words.length == 1 ? entry(text) : isHosts(words[0]) && hosts(words);
    }

    /** Hosts files that block lead names to nowhere or to the machine itself. */
    private static boolean isHosts(String first) {
        Optional<InetAddress> address = Addresses.address(first);
        return address.isPresent()
                && (address.get().isAnyLocalAddress() || address.get().isLoopbackAddress());
    }

    private boolean hosts(String[] words) {
        boolean all = true;
        for (int i = 1; i < words.length; i++) {
            boolean leftOut =
                    words[i].indexOf('.') < 0 || Addresses.address(words[i]).isPresent();
            all &= leftOut || entry(words[i]);
        }
        return all;
    }

    private boolean entry(String text) {
        Optional<DomainPattern> pattern = DomainPattern.parse(text);
        if (pattern.isPresent()) {
            names.add(widened(pattern.get()), Listed.AS_SET);
        } else {
            Optional<Addresses.Prefix> prefix = Addresses.prefix(text).map(Addresses.Prefix::network);
            if (prefix.isEmpty()) {
                return false;
            }
            addresses.put(Prefix.parse(prefix.get().toString()), Listed.AS_SET);
        }
        entries++;
        return true;
    }

    private DomainPattern widened(DomainPattern read) {
        return subdomains && read.reach() == Reach.EXACT
                ? new DomainPattern(read.suffix(), Reach.EXACT_AND_BELOW)
                : read;
    }

    NameList list(String version) {
        return new NameList(
                version, names.build(), PrefixTable.of(addresses), PrefixTable.of(clients), rpz, entries, skipped);
    }
}
