package io.postern.gateway.identity;

import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.DeviceAssurance;
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
    private static final List<DeviceAssurance> PROOFS = List.of(DeviceAssurance.TUNNEL_KEY, DeviceAssurance.ADDRESS);

    private final PrefixTable<AppTag> table;
    private final int size;

    private InnerAddresses(Map<Prefix, AppTag> tags) {
        this.table = PrefixTable.of(tags);
        this.size = tags.size();
    }

    Optional<AppTag> find(InetAddress address) {
        return table.find(address);
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
        Problems problems = new Problems();
        Map<Prefix, AppTag> tags = new HashMap<>();
        List<String> lines = text.lines().toList();
        String header = lines.isEmpty() ? "" : lines.get(0).strip();
        if (!header.equals(HEADER) && !header.equals(HEADER + PROOF)) {
            problems.add(new Position(source, 1, 1), PATH, "must begin with the line " + HEADER + PROOF);
        } else if (lines.size() > MAX_LINES) {
            problems.add(Position.of(source), PATH, "has " + lines.size() + " lines, must have at most " + MAX_LINES);
        } else {
            for (int number = 1; number < lines.size(); number++) {
                String line = lines.get(number).strip();
                if (!line.isEmpty() && line.charAt(0) != '#') {
                    String wrong = add(tags, line.split(",", -1));
                    if (!wrong.isEmpty()) {
                        problems.add(new Position(source, number + 1, 1), PATH, wrong);
                    }
                }
            }
        }
        return problems.none()
                ? Reading.of(new InnerAddresses(tags), new Problems())
                : Reading.refused(problems, new Problems());
    }

    /** @return what is wrong with it; empty when it was taken */
    private static String add(Map<Prefix, AppTag> tags, String[] fields) {
        if (fields.length != 4 && fields.length != 5) {
            return "has " + fields.length + " fields, must have 4 or 5";
        }
        Optional<DeviceAssurance> proof = fields.length < 5
                ? Optional.of(DeviceAssurance.ADDRESS)
                : PROOFS.stream()
                        .filter(known -> known.label().equals(fields[4]))
                        .findFirst();
        if (proof.isEmpty()) {
            return "'" + fields[4] + "' is not a proof, must be tunnel-key or address";
        }
        if (!CompactTag.DEVICE.matcher(fields[1]).matches() || fields[1].equals(AppTag.NOBODY)) {
            return "'" + fields[1] + "' is not a device id";
        }
        if (!CompactTag.PROFILE.matcher(fields[2]).matches()) {
            return "'" + fields[2] + "' is not a profile";
        }
        Optional<String> app = Packages.app(List.of(fields[3].split("\\" + AppTag.AND, -1)));
        if (app.isEmpty()) {
            return "'" + fields[3] + "' is not a package, " + Packages.RULE;
        }
        try {
            AppTag tag = new AppTag(fields[1], fields[2], app.get(), proof.get(), Packages.assurance(app.get()));
            return tags.putIfAbsent(Prefix.parse(fields[0]), tag) == null ? "" : fields[0] + " is there twice";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
