package io.postern.dns.validate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/** A key that is believed because the operator says so: a DS or DNSKEY record as zone files have it. */
public final class TrustAnchor {

    /**
     * Of the root: the key of 2017, and that of 2024 that follows it
     * (<a href="https://data.iana.org/root-anchors/root-anchors.xml">IANA</a>).
     */
    public static final List<String> ROOT = List.of(
            ". DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
            ". DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16");

    private TrustAnchor() {}

    /** Empty when it is no DS or DNSKEY record of class IN, or more than one record. */
    public static Optional<Record> parse(String text) {
        // No directive, which could name a file, and no second line.
        if (text.startsWith("$") || text.chars().anyMatch(c -> c < ' ' && c != '\t')) {
            return Optional.empty();
        }
        try (Master master = new Master(new ByteArrayInputStream(bytes(text)), Name.root, 0)) {
            @Nullable Record record = master.nextRecord();
            return record != null && record.getDClass() == DClass.IN && usable(record)
                    ? Optional.of(record)
                    : Optional.empty();
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Of keys those that sign zones, RFC 4034 section 2.1.1, and are not revoked, RFC 5011 section 2.1. */
    private static boolean usable(Record record) {
        return record instanceof DSRecord
                || (record instanceof DNSKEYRecord key
                        && (key.getFlags() & DNSKEYRecord.Flags.ZONE_KEY) != 0
                        && (key.getFlags() & DNSKEYRecord.Flags.REVOKE) == 0);
    }
}
