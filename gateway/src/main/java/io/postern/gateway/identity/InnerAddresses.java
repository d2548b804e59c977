package io.postern.gateway.identity;

import io.postern.analytics.flow.AppTag;
import io.postern.config.document.Position;
import io.postern.config.document.Problems;
import io.postern.config.document.Reading;
import io.postern.wire.ip.Prefix;
import io.postern.wire.ip.PrefixTable;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whose an inner address of a tunnel is, as lines of a file (CSV without quotes, RFC 4180 section 2):
 *
 * <pre>
 * address,device,profile,app,proof
 * 10.77.0.2,LC01abcdef,work,com.acme.mail,tunnel-key
 * 10.77.1.0/24,LC02abcdef,work,-,address
 * fd77::3,LC03abcdef,work,-
 * </pre>
 *
 * The longest prefix wins. {@code app} is {@code -} unless one app only is in the tunnel, or several of one UID, with
 * {@code +} between; {@code proof} is
 * {@code tunnel-key} where a key of the device's own admits nobody else to the address (WireGuard), {@code address} where
 * something less does, which is also what is meant when it is left out. Immutable.
 */
public final class InnerAddresses {

    public static final InnerAddresses NONE = new InnerAddresses(Map.of());

    /** Lines of a file. */
    static final int MAX_LINES = 1_000_000;

    static final String PATH = "identity.addresses-file";
    private static final String HEADER = "address,device,profile,app";
    private static final String PROOF = ",proof";

    private final PrefixTable<AddressOwner> table;
    private final int size;

    private InnerAddresses(Map<Prefix, AddressOwner> owners) {
        this.table = PrefixTable.of(owners);
        this.size = owners.size();
    }

    Optional<AddressOwner> find(InetAddress address) {
        return table.find(address);
    }

    Optional<AddressOwner> at(Prefix prefix) {
        return table.at(prefix);
    }

    /** Whose it is, if anybody's. */
    public Optional<AppTag> tag(InetAddress address) {
        return find(address).map(AddressOwner::tag);
    }

    /** As {@link PrefixTable#walk}. */
    void walk(Optional<Prefix> after, Predicate<AddressOwner> more) {
        table.walk(after, more);
    }

    public int size() {
        return size;
    }

    /**
     * Reads a file whole; every problem at once.
     *
     * @param source what to call it in problems
     */
    public static Reading<InnerAddresses> parse(String source, String text) {
        return parse(source, text, PATH);
    }

    /**
     * As above, of another setting.
     *
     * @param path what names the file
     */
    public static Reading<InnerAddresses> parse(String source, String text, String path) {
        Problems problems = new Problems();
        Map<Prefix, AddressOwner> owners = new HashMap<>();
        List<String> lines = text.lines().toList();
        String header = lines.isEmpty() ? "" : lines.get(0).strip();
        if (!header.equals(HEADER) && !header.equals(HEADER + PROOF)) {
            problems.add(new Position(source, 1, 1), path, "must begin with the line " + HEADER + PROOF);
        } else if (lines.size() > MAX_LINES) {
            problems.add(Position.of(source), path, "has " + lines.size() + " lines, must have at most " + MAX_LINES);
        } else {
            for (int number = 1; number < lines.size(); number++) {
                String line = lines.get(number).strip();
                if (!line.isEmpty() && line.charAt(0) != '#') {
                    String wrong = add(owners, line.split(",", -1));
                    if (!wrong.isEmpty()) {
                        problems.add(new Position(source, number + 1, 1), path, wrong);
                    }
                }
            }
        }
        return problems.none()
                ? Reading.of(new InnerAddresses(owners), new Problems())
                : Reading.refused(problems, new Problems());
    }

    /** @return what is wrong with it; empty when it was taken */
    private static String add(Map<Prefix, AddressOwner> owners, String[] fields) {
        if (fields.length != 4 && fields.length != 5) {
            return "has " + fields.length + " fields, must have 4 or 5";
        }
        OwnerWords words =
                new OwnerWords(fields[1], fields[2], fields[3], fields.length < 5 ? OwnerWords.PROOF : fields[4]);
        Optional<String> wrong = words.faults().values().stream().findFirst();
        if (wrong.isPresent()) {
            return wrong.get();
        }
        try {
            Prefix prefix = Prefix.parse(fields[0]);
            return owners.putIfAbsent(prefix, new AddressOwner(prefix, words.tag())) == null
                    ? ""
                    : fields[0] + " is there twice";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
