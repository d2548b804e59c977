package io.postern.dns.rpz;

import io.postern.dns.names.DomainPattern;
import io.postern.dns.names.Listed;
import io.postern.dns.names.Listed.Told;
import io.postern.wire.ip.HostText;
import io.postern.wire.ip.Prefix;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a response policy zone (draft-vixie-dnsop-dns-rpz, section 4 and 5) from its master file:
 *
 * <pre>
 * bad.example           CNAME  .                 does not exist
 * *.bad.example         CNAME  *.                exists, and has nothing
 * ok.bad.example        CNAME  rpz-passthru.     an exception
 * quiet.example         CNAME  rpz-drop.         no answer
 * ads.example           A      192.0.2.9         an answer of the zone's own
 * 24.0.2.0.192.rpz-ip   CNAME  .                 answers, and flows, with addresses of a prefix
 * 32.9.0.77.10.rpz-client-ip CNAME rpz-passthru. whoever asks from a prefix, whatever for
 * </pre>
 *
 * Local data that are no addresses put the name on the list, and say no more. Names are relative to {@code $ORIGIN}, or to
 * the owner of the SOA. What is of other triggers, of {@code rpz-tcp-only}, or no record at all is skipped and told.
 */
public final class RpzReader {

    private static final Set<String> CLASSES = Set.of("in", "ch", "hs");
    private static final Set<String> OF_THE_ZONE =
            Set.of("soa", "ns", "dnskey", "rrsig", "nsec", "nsec3", "nsec3param", "cds", "cdnskey", "zonemd");

    private static final String BY_ADDRESS = ".rpz-ip";
    private static final String BY_CLIENT = ".rpz-client-ip";
    private static final Map<String, String> OTHERS = Map.of(
            ".rpz-nsdname", "has the trigger rpz-nsdname, of a zone's servers, which are not seen here",
            ".rpz-nsip", "has the trigger rpz-nsip, of a zone's servers, which are not seen here");

    /** Takes what is read. */
    public interface Sink {

        void name(DomainPattern pattern, Listed listed);

        /** Of answers that lead there. */
        void address(Prefix prefix, Listed listed);

        /** Of whoever asks from there. */
        void client(Prefix prefix, Listed listed);

        /** An entry that is none of this, from that line on, and why; its text is told to nobody. */
        void skipped(int line, String why);
    }

    private final ZoneLines lines;
    private final Sink sink;
    private String origin = "";
    private String owner = "";
    private int entries;

    private RpzReader(byte[] bytes, Sink sink) {
        this.lines = new ZoneLines(bytes);
        this.sink = sink;
    }

    /**
     * @param mostLines that are read
     * @return entries that were read or skipped; negative when there are more lines
     */
    public static int read(byte[] bytes, int mostLines, Sink sink) {
        RpzReader reader = new RpzReader(bytes, sink);
        while (reader.lines.next()) {
            if (reader.lines.lines() > mostLines + 1) {
                return -1;
            }
            reader.entry();
        }
        return reader.entries;
    }

    private void entry() {
        List<String> words = lines.words();
        if (lines.broken()) {
            skip("has a quote or a parenthesis that is not closed");
            return;
        }
        if (!lines.indented() && words.get(0).startsWith("$")) {
            directive(words);
            return;
        }
        int at = 0;
        if (!lines.indented()) {
            owner = words.get(at++).toLowerCase(Locale.ROOT);
        }
        while (at < words.size() && (ttl(words.get(at)) || CLASSES.contains(lower(words.get(at))))) {
            at++;
        }
        if (at + 1 >= words.size()) {
            skip("is no record");
        } else {
            record(lower(words.get(at)), words.get(at + 1));
        }
    }

    private void directive(List<String> words) {
        String name = words.get(0).toUpperCase(Locale.ROOT);
        if (name.equals("$ORIGIN") && words.size() == 2) {
            origin = bare(lower(words.get(1)));
        } else if (!name.equals("$TTL")) {
            // Other files are not for a file to name.
            skip("is a directive that is not read");
        }
    }

    private void record(String type, String data) {
        if (type.equals("soa") && origin.isEmpty() && owner.endsWith(".")) {
            origin = bare(owner);
        }
        if (OF_THE_ZONE.contains(type)) {
            return;
        }
        Optional<String> trigger = trigger();
        if (trigger.isEmpty()) {
            skip("is of a name outside the zone");
            return;
        }
        String name = trigger.get();
        String other = OTHERS.get(name.substring(Math.max(0, name.lastIndexOf('.'))));
        if (other != null) {
            skip(other);
            return;
        }
        Optional<Listed> listed = listed(type, lower(data), name);
        if (listed.isEmpty()) {
            skip("has an action that is not read");
        } else if (name.endsWith(BY_ADDRESS)) {
            prefix(name, BY_ADDRESS).ifPresent(prefix -> sink.address(prefix, listed.get()));
        } else if (name.endsWith(BY_CLIENT)) {
            prefix(name, BY_CLIENT).ifPresent(prefix -> sink.client(prefix, listed.get()));
        } else {
            pattern(name, listed.get());
        }
    }

    private void pattern(String name, Listed listed) {
        Optional<DomainPattern> pattern = name.startsWith(".") ? Optional.empty() : DomainPattern.parse(name);
        if (pattern.isPresent()) {
            entries++;
            sink.name(pattern.get(), listed);
        } else {
            skip("is not the name of a host");
        }
    }

    /** That of an owner with this trigger; empty, and told, when it has none. */
    private Optional<Prefix> prefix(String name, String trigger) {
        Optional<Prefix> prefix = RpzAddress.prefix(name.substring(0, name.length() - trigger.length()));
        if (prefix.isPresent()) {
            entries++;
        } else {
            skip("is not a prefix as rpz-ip writes them");
        }
        return prefix;
    }

    /** The owner without the zone's name; empty when it is outside. */
    private Optional<String> trigger() {
        if (!owner.endsWith(".")) {
            return Optional.of(owner);
        }
        String name = bare(owner);
        return !origin.isEmpty() && name.endsWith("." + origin)
                ? Optional.of(name.substring(0, name.length() - origin.length() - 1))
                : Optional.empty();
    }

    private static Optional<Listed> listed(String type, String data, String name) {
        if (type.equals("cname")) {
            return switch (data) {
                case "." -> Optional.of(NXDOMAIN);
                case "*." -> Optional.of(NODATA);
                case "rpz-passthru." -> Optional.of(PASSTHRU);
                case "rpz-drop." -> Optional.of(DROP);
                case "rpz-tcp-only." -> Optional.empty();
                // How exceptions were written before there was a word for them.
                default -> Optional.of(bare(data).equals(name) ? PASSTHRU : Listed.AS_SET);
            };
        }
        if (!type.equals("a") && !type.equals("aaaa")) {
            return type.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
                    ? Optional.of(Listed.AS_SET)
                    : Optional.empty();
        }
        if (!(HostText.of(data) instanceof HostText.Literal literal)) {
            return Optional.empty();
        }
        InetAddress address = literal.address();
        boolean fits = (address.getAddress().length == 4) == type.equals("a");
        return fits ? Optional.of(new Listed(Told.ADDRESSES, List.of(address))) : Optional.empty();
    }

    private static final Listed NXDOMAIN = Listed.of(Told.NXDOMAIN);
    private static final Listed NODATA = Listed.of(Told.NODATA);
    private static final Listed DROP = Listed.of(Told.DROP);
    private static final Listed PASSTHRU = Listed.of(Told.PASSTHRU);

    /** Seconds, or with BIND's units: {@code 1h30m}. */
    private static boolean ttl(String word) {
        return !word.isEmpty()
                && word.charAt(0) >= '0'
                && word.charAt(0) <= '9'
                && word.chars().allMatch(c -> (c >= '0' && c <= '9') || "smhdwSMHDW".indexOf(c) >= 0);
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    private static String bare(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private void skip(String why) {
        entries++;
        sink.skipped(lines.line(), why);
    }
}
