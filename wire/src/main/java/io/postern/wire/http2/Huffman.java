package io.postern.wire.http2;

import java.nio.ByteBuffer;

/**
 * The Huffman code of RFC 7541 appendix B. It is canonical: the lengths alone define it, codes of one length follow one
 * another in the order of their symbols.
 */
final class Huffman {

    /** Of each symbol, A for 5 bits to Z for 30; the last is EOS. */
    private static final String LENGTHS = "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXX"
            + "BFFHIBDGFFDGDBBBAAABBBBBBBCDKBHF"
            + "IBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJB"
            + "KABABABBBACCBBBABCBAABCCCCCKGJIX"
            + "PRPPRRRSRSSSSSTSTTRSTSSSSQRSRSST"
            + "RQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
            + "VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWW"
            + "PTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWV"
            + "Z";

    private static final int SHORTEST = 5;
    private static final int LONGEST = 30;
    private static final int EOS = 256;
    private static final int MOST_PADDING = 7;

    /** By length: the first code, how many there are, and where their symbols begin. */
    private static final int[] FIRST = new int[LONGEST + 1];

    private static final int[] COUNT = new int[LONGEST + 1];
    private static final int[] OFFSET = new int[LONGEST + 1];
    private static final short[] SYMBOLS = new short[LENGTHS.length()];

    static {
        int code = 0;
        int symbols = 0;
        for (int length = SHORTEST; length <= LONGEST; length++) {
            code <<= 1;
            FIRST[length] = code;
            OFFSET[length] = symbols;
            for (int symbol = 0; symbol < LENGTHS.length(); symbol++) {
                if (LENGTHS.charAt(symbol) - 'A' + SHORTEST == length) {
                    SYMBOLS[symbols++] = (short) symbol;
                    COUNT[length]++;
                }
            }
            code += COUNT[length];
        }
    }

    private Huffman() {}

    /**
     * Decodes {@code length} bytes from the absolute index {@code from}, one char per octet.
     *
     * @param text takes {@code most} chars; the others are only counted
     * @return how many there are, -1 when this is no such code (section 5.2)
     */
    static int decode(ByteBuffer bytes, int from, int length, StringBuilder text, int most) {
        int code = 0;
        int bits = 0;
        int octets = 0;
        for (int i = from; i < from + length; i++) {
            for (int bit = 7; bit >= 0; bit--) {
                code = code << 1 | (bytes.get(i) >> bit & 1);
                bits++;
                if (bits >= SHORTEST && code - FIRST[bits] < COUNT[bits]) {
                    int symbol = SYMBOLS[OFFSET[bits] + code - FIRST[bits]];
                    if (symbol == EOS) {
                        return -1;
                    }
                    if (octets++ < most) {
                        text.append((char) symbol);
                    }
                    code = 0;
                    bits = 0;
                } else if (bits == LONGEST) {
                    return -1;
                }
            }
        }
        // What is left over is the beginning of EOS: ones, and less than a byte of them.
        return bits <= MOST_PADDING && code == (1 << bits) - 1 ? octets : -1;
    }
}
