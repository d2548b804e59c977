package io.postern.dns.message;

import java.util.List;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Which records of an answer belong to its question. The rest nobody asked for, and whoever believed it could be told of
 * other people's names.
 *
 * <pre>
 * answer      the aliases from the name asked on, each with one target; at the last name what was asked for
 *             DNAME above a name of those; signatures of all these, for who wants them
 * authority   SOA of a zone that such a name is in; for who wants signatures also NSEC and NSEC3, and signatures of the three
 * </pre>
 *
 * @param names the one asked, and where aliases lead from there, as {@link WireName#text}
 * @param type that is asked for
 * @param signatures whether DNSSEC's records are wanted (RFC 4035 section 3.2.1)
 */
record Bailiwick(List<String> names, int type, boolean signatures) {

    private static final int NOTHING = 0;

    Bailiwick {
        names = List.copyOf(names);
    }

    /** Where the aliases end. */
    String last() {
        return names.get(names.size() - 1);
    }

    /**
     * In the answer section.
     *
     * @param target of a CNAME
     * @param covered by an RRSIG
     */
    boolean answer(int kind, String owner, String target, int covered) {
        if (kind == Type.RRSIG && type != Type.RRSIG) {
            return signatures
                    && (names.contains(owner) || (covered == Type.DNAME && above(owner)))
                    && (covered == type || covered == Type.CNAME || covered == Type.DNAME);
        }
        if (kind == type && owner.equals(last())) {
            return true;
        }
        int place = names.indexOf(owner);
        return switch (kind) {
            case Type.CNAME ->
                place >= 0 && place + 1 < names.size() && names.get(place + 1).equals(target);
            // RFC 6672: it stands at a name above.
            case Type.DNAME -> above(owner);
            default -> false;
        };
    }

    /** In the authority section. */
    boolean authority(int kind, String owner, int covered) {
        return switch (kind) {
            case Type.SOA -> names.contains(owner) || above(owner);
            // They name nothing that one could go to, and hold for who checks them.
            case Type.NSEC, Type.NSEC3 -> signatures;
            case Type.RRSIG -> signatures && (covered == Type.SOA || covered == Type.NSEC || covered == Type.NSEC3);
            default -> false;
        };
    }

    private boolean above(String owner) {
        return owner.equals(".") || names.stream().anyMatch(name -> WireName.within(name, owner));
    }

    boolean answer(Record record) {
        String target = record instanceof CNAMERecord alias
                ? WireName.text(alias.getTarget().toWireCanonical())
                : "";
        return answer(record.getType(), owner(record), target, covered(record));
    }

    boolean authority(Record record) {
        return authority(record.getType(), owner(record), covered(record));
    }

    private static String owner(Record record) {
        return WireName.text(record.getName().toWireCanonical());
    }

    private static int covered(Record record) {
        return record instanceof RRSIGRecord signature ? signature.getTypeCovered() : NOTHING;
    }
}
