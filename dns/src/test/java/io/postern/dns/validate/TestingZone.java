package io.postern.dns.validate;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * A signed zone, as a resolver that asks for it would tell it: records with their signatures, proofs by NSEC where there
 * is nothing, and below a delegation without keys records without either.
 */
public final class TestingZone {

    private static final long TTL = 300;
    private static final int ECDSAP256SHA256 = 13;
    private static final int ZONE_AND_ENTRY = 257;

    private final Name apex;
    private final KeyPair keys;
    private final DNSKEYRecord key;
    private final Map<Name, Map<Integer, RRset>> records = new TreeMap<>();
    private final Map<Name, Map<Integer, RRset>> below = new TreeMap<>();
    private Instant from = Instant.now().minus(Duration.ofDays(1));
    private Instant until = Instant.now().plus(Duration.ofDays(1));
    private Consumer<Message> forger = reply -> {};

    public TestingZone(String name) throws GeneralSecurityException, TextParseException {
        apex = Name.fromString(name);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        keys = generator.generateKeyPair();
        try {
            key = new DNSKEYRecord(
                    apex,
                    DClass.IN,
                    TTL,
                    ZONE_AND_ENTRY,
                    DNSKEYRecord.Protocol.DNSSEC,
                    ECDSAP256SHA256,
                    keys.getPublic());
        } catch (DNSSEC.DNSSECException e) {
            throw new GeneralSecurityException(e);
        }
        add(key);
        add(new SOARecord(apex, DClass.IN, TTL, apex, apex, 1, 3600, 600, 86_400, TTL));
    }

    public TestingZone add(Record record) {
        put(records, record);
        return this;
    }

    /** A zone of its own that has no keys, and a record in it. */
    public TestingZone unsigned(String zone, Record record) throws TextParseException {
        add(new NSRecord(Name.fromString(zone), DClass.IN, TTL, apex));
        put(below, record);
        return this;
    }

    private static void put(Map<Name, Map<Integer, RRset>> where, Record record) {
        where.computeIfAbsent(record.getName(), name -> new TreeMap<>())
                .computeIfAbsent(record.getType(), type -> new RRset())
                .addRR(record);
    }

    /** Of signatures from now on. */
    public TestingZone signed(Instant begin, Instant end) {
        from = begin;
        until = end;
        return this;
    }

    /** What somebody on the way makes of each reply from now on. */
    public TestingZone forged(Consumer<Message> how) {
        forger = how;
        return this;
    }

    /** As the zone above would write it. */
    public String anchor() {
        return new DSRecord(apex, DClass.IN, TTL, DNSSEC.Digest.SHA256, key).toString();
    }

    /** Fills in the reply to what its question asks for. */
    public void answer(Message reply) {
        Record question = reply.getQuestion();
        reply.getHeader().setFlag(Flags.RA);
        answer(reply, question.getName(), question.getType());
        forger.accept(reply);
    }

    private void answer(Message reply, Name name, int type) {
        @Nullable Map<Integer, RRset> unsigned = below.get(name);
        if (unsigned != null) {
            Optional.ofNullable(unsigned.get(type))
                    .ifPresent(set -> set.rrs().forEach(record -> reply.addRecord(record, Section.ANSWER)));
            return;
        }
        @Nullable Map<Integer, RRset> here = records.get(name);
        if (here == null) {
            reply.getHeader().setRcode(Rcode.NXDOMAIN);
            nothing(reply, covering(name), covering(wildcard()));
        } else if (here.containsKey(type)) {
            sign(reply, here.get(type), Section.ANSWER);
        } else if (here.containsKey(Type.CNAME)) {
            sign(reply, here.get(Type.CNAME), Section.ANSWER);
            answer(reply, ((CNAMERecord) here.get(Type.CNAME).first()).getTarget(), type);
        } else {
            nothing(reply, name);
        }
    }

    private Name wildcard() {
        try {
            return Name.fromString("*", apex);
        } catch (TextParseException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private Name covering(Name name) {
        return records.keySet().stream()
                .filter(each -> each.compareTo(name) < 0)
                .reduce((one, next) -> next)
                .orElse(apex);
    }

    private void nothing(Message reply, Name... proofs) {
        sign(reply, Objects.requireNonNull(at(apex).get(Type.SOA)), Section.AUTHORITY);
        for (Name name : Stream.of(proofs).distinct().toList()) {
            Name next = records.keySet().stream()
                    .filter(each -> each.compareTo(name) > 0)
                    .findFirst()
                    .orElse(apex);
            int[] types = IntStream.concat(
                            at(name).keySet().stream().mapToInt(type -> type), IntStream.of(Type.RRSIG, Type.NSEC))
                    .toArray();
            sign(reply, new RRset(new NSECRecord(name, DClass.IN, TTL, next, types)), Section.AUTHORITY);
        }
    }

    private Map<Integer, RRset> at(Name name) {
        return Objects.requireNonNull(records.get(name));
    }

    private void sign(Message reply, RRset set, int section) {
        set.rrs().forEach(record -> reply.addRecord(record, section));
        try {
            reply.addRecord(DNSSEC.sign(set, key, keys.getPrivate(), from, until), section);
        } catch (DNSSEC.DNSSECException e) {
            throw new IllegalStateException(e);
        }
    }
}
