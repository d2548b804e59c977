package io.postern.wire.http2;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decodes the field blocks of one direction, RFC 7541. Every number, string and list has a bound; a block that breaks one
 * ends decoding for good, since what follows depends on it.
 *
 * <pre>
 * 1 index7                              a field of a table
 * 01 index6 | [name] | value            a field, added to the table
 * 0000 index4 or 0001 index4 | …        a field, not added
 * 001 size5                             the table's new size
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class HpackDecoder {

    /** Told of each field in its order. */
    public interface Fields {

        /**
         * One field.
         *
         * @param name as sent, or {@value #UNKNOWN} when the encoder refers to what was forgotten
         * @param value its beginning, at most {@value HpackDecoder#MOST_VALUE} octets, one char each
         */
        void field(String name, String value);
    }

    /** In place of the name of a forgotten field. */
    public static final String UNKNOWN = "?";

    /** Octets of a name or value that are kept. */
    public static final int MOST_VALUE = 4096;

    /** The table's size before any setting, RFC 9113 section 6.5.2. */
    private static final int DEFAULT_TABLE = 4096;

    static final String INTEGER = "number of more than 28 bits, RFC 7541 section 5.1";
    static final String INDEX = "index beyond the tables, RFC 7541 section 2.3.3";
    static final String STRING = "string longer than its block, RFC 7541 section 5.2";
    static final String CODE = "no Huffman code, RFC 7541 section 5.2";
    static final String RESIZE = "table size beyond the setting or behind a field, RFC 7541 section 4.2";
    static final String CUT = "block ends inside a field, RFC 7541 section 3.1";
    static final String LIST = "field section longer than one looks at";

    private static final DynamicTable.Entry NONE = new DynamicTable.Entry("", "", 0, 0);

    private final int maxTable;
    private final int maxSection;
    private final DynamicTable table = new DynamicTable();
    private int allowed = DEFAULT_TABLE;
    private int at;
    private int end;
    private String fault = "";

    /**
     * @param maxTable bytes of the largest table that is followed, whatever the ends agree on
     * @param maxSection bytes of all fields of a block, decoded, with 32 for each (RFC 9113 section 6.5.2)
     */
    public HpackDecoder(int maxTable, int maxSection) {
        this.maxTable = maxTable;
        this.maxSection = maxSection;
    }

    /** The receiver of the blocks allows a table of this size; the largest it ever allowed counts. */
    public void allow(long bytes) {
        allowed = (int) Math.max(allowed, Math.min(bytes, maxTable));
    }

    /**
     * Decodes one whole block between position and limit, which stay.
     *
     * @return the rule it breaks; nothing more may be decoded then
     */
    public Optional<String> decode(ByteBuffer block, Fields fields) {
        at = block.position();
        end = block.limit();
        long section = 0;
        boolean first = true;
        while (at < end && fault.isEmpty()) {
            int octet = block.get(at) & 0xFF;
            if ((octet & 0xE0) == 0x20) {
                int size = integer(block, 5);
                fail(!first || size > allowed, RESIZE);
                if (fault.isEmpty()) {
                    table.resize(size);
                }
            } else {
                first = false;
                section += octet >= 0x80 ? indexed(block, fields) : literal(block, octet, fields);
                fail(section > maxSection, LIST);
            }
        }
        return fault.isEmpty() ? Optional.empty() : Optional.of(fault);
    }

    private long indexed(ByteBuffer block, Fields fields) {
        int index = integer(block, 7);
        DynamicTable.Entry entry = entry(index);
        if (!fault.isEmpty()) {
            return 0;
        }
        tell(entry, fields);
        return entry.size();
    }

    private long literal(ByteBuffer block, int octet, Fields fields) {
        boolean added = (octet & 0xC0) == 0x40;
        int index = integer(block, added ? 6 : 4);
        String name;
        int nameOctets;
        if (index == 0) {
            StringBuilder text = new StringBuilder(32);
            nameOctets = string(block, text);
            // An empty name would pass for a forgotten one.
            name = nameOctets == 0 ? UNKNOWN : text.toString();
        } else {
            DynamicTable.Entry named = entry(index);
            name = named.forgotten() ? UNKNOWN : named.name();
            nameOctets = named.nameOctets();
        }
        StringBuilder value = new StringBuilder(64);
        int octets = nameOctets + string(block, value);
        if (!fault.isEmpty()) {
            return 0;
        }
        DynamicTable.Entry entry = new DynamicTable.Entry(name, value.toString(), nameOctets, octets);
        tell(entry, fields);
        if (added) {
            table.add(entry);
        }
        return entry.size();
    }

    private static void tell(DynamicTable.Entry entry, Fields fields) {
        fields.field(entry.forgotten() ? UNKNOWN : entry.name(), entry.value());
    }

    private DynamicTable.Entry entry(int index) {
        fail(index < 1 || index > StaticTable.LENGTH + table.length(), INDEX);
        if (!fault.isEmpty()) {
            return NONE;
        }
        if (index > StaticTable.LENGTH) {
            return table.get(index - StaticTable.LENGTH);
        }
        String name = StaticTable.name(index);
        String value = StaticTable.value(index);
        return new DynamicTable.Entry(name, value, name.length(), name.length() + value.length());
    }

    /** Octets of the string, of which the text takes the beginning. */
    private int string(ByteBuffer block, StringBuilder text) {
        boolean coded = at < end && block.get(at) < 0;
        int length = integer(block, 7);
        fail(length > end - at, STRING);
        if (!fault.isEmpty()) {
            return 0;
        }
        int from = at;
        at += length;
        if (coded) {
            int octets = Huffman.decode(block, from, length, text, MOST_VALUE);
            fail(octets < 0, CODE);
            return Math.max(0, octets);
        }
        for (int i = 0; i < Math.min(length, MOST_VALUE); i++) {
            text.append((char) (block.get(from + i) & 0xFF));
        }
        return length;
    }

    /** Section 5.1; of 28 bits at most, which no length or index here needs. */
    private int integer(ByteBuffer block, int prefix) {
        if (at >= end || !fault.isEmpty()) {
            fail(true, CUT);
            return 0;
        }
        int most = (1 << prefix) - 1;
        int value = block.get(at++) & most;
        if (value < most) {
            return value;
        }
        for (int shift = 0; shift < 28; shift += 7) {
            if (at >= end) {
                fail(true, CUT);
                return 0;
            }
            int octet = block.get(at++) & 0xFF;
            value += (octet & 0x7F) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        fail(true, INTEGER);
        return 0;
    }

    /** The first fault stays. */
    private void fail(boolean broken, String rule) {
        if (broken && fault.isEmpty()) {
            fault = rule;
        }
    }
}
