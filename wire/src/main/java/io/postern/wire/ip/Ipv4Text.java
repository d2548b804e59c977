package io.postern.wire.ip;

/** Dotted quads, strictly: four decimal parts of one to three digits, none above 255, none with a leading zero. */
final class Ipv4Text {

    private Ipv4Text() {}

    /** The address in the low 32 bits, or -1 if the text from there on is not one. */
    static long parse(String text, int from) {
        long address = 0;
        int at = from;
        for (int part = 0; part < 4; part++) {
            if (part > 0 && (at >= text.length() || text.charAt(at++) != '.')) {
                return -1;
            }
            int start = at;
            int value = 0;
            while (at < text.length() && at - start < 3 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                value = value * 10 + text.charAt(at++) - '0';
            }
            // A leading zero means octal to inet_aton: 010.0.0.1 is 8.0.0.1 to some and 10.0.0.1 to others.
            boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
            if (at == start || value > 255 || leadingZero) {
                return -1;
            }
            address = address << 8 | value;
        }
        return at == text.length() ? address : -1;
    }

    static byte[] bytes(int address) {
        return new byte[] {(byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address};
    }

    static void append(StringBuilder text, int address) {
        text.append(address >>> 24)
                .append('.')
                .append(address >>> 16 & 0xFF)
                .append('.')
                .append(address >>> 8 & 0xFF)
                .append('.')
                .append(address & 0xFF);
    }
}
