package io.postern.analytics.instrument;

/**
 * Is a label of a name made of words, or of letters drawn at random? By how often one letter follows another.
 *
 * <p>Counted over the labels of at least three letters in the lists of v2fly/domain-list-community (MIT, commit c975cce),
 * against letters and digits drawn evenly. Four fifths of the labels were counted; of the rest with 9 to 11 letters 3 %
 * are below 0 bits and under 1 % below -5; of random ones 90 to 99 % are below 0, 67 to 94 % below -5.
 * What is random need not be evil: content networks number their hosts.
 */
public final class Letters {

    /** Bits below which a label is unlikely to be words. */
    public static final double RANDOM = -5;

    private static final int DIGIT = 26;
    private static final int HYPHEN = 27;
    private static final int EDGE = 28;

    private static final int QUARTERS = 4;
    private static final char ZERO = 'D';

    /** A row for each of a to z, digit, hyphen, edge: quarter bits for what follows, zero as D. */
    private static final String[] FOLLOWS = """
            ;AJH:>D9F2AJIKBJ1JHM@<>:BA0=A
            J?GAP5=9H8:H9:N80DC>G;99L01@A
            IAAKL=<LB6HK>DK==ECFC752<77?B
            ICD@KAB9K8=?>MHB0LH?G@9<>44DD
            LGFGD?@:B6;ECJAA2LLG=@C@>10DE
            OAC>IG79L05I<8O<;I@JD0;8D60==
            L>C@M=@CI:<H>BK?6IHDE<>8>;1BF
            M@B>O68:L1?@9;N=5@@DK1G9=30AB
            H?LFD@D;9:AGGOGI5CJI;F9@;=0?@
            H?HKK?8;P2A?;2KC@CJ?I8@8;85;@
            K?C>NA@=I0AB@<GA0?IDG8A5B73GI
            LBEEN:96N2>H=8N?69BCG<98C42;C
            ODC?N<E9L66;C8LE5:G@B876G70?C
            H?FHMAKBG8AC>@E=8>KK=<;8>;0BF
            @DCF;CD9@<GGGMIF1KGEK@BF<=0<@
            JCA=K;:GJ5<K?:KL3IEAB;:8;4:DD
            G<JA<9BGN39CABCBE9BAQA<<<B:@C
            LCDFP>A6I1DBB?K?0BGIBB:0B50?C
            GFEAI>;HG7>A?AFF:;GND<=4=64HH
            L=C?M>;GK55B?=J@1GLBEB?7B41CD
            GJEMD;>9D9AFDLAF9JLI778@A:0>@
            H>@<Q;;9Q9A=;=N:4>C=;4644:7<C
            MDJ;M98EN87<=@J>4=KA?;K<871@A
            ECGFB@BDN79CFDCF=<FIB<<?C:<CH
            HACMDD>@G::ADCIC8=HKF;?=:74EH
            I<G@L<<LK@A>=FM070@CL:??@B6:C
            <@AA=<;;;9=;=<;?8;>@=;<;97FIJ
            LFLKEBCDF=;EFDBH4BLHDHB679900
            KIJGBIEDG@ABIECF?DIH@EF>@=500
            """.lines().toArray(String[]::new);

    private Letters() {}

    /** Bits that speak for words rather than for chance: the higher, the more of a word. */
    public static double words(String name, int from, int to) {
        int sum = 0;
        int before = EDGE;
        for (int i = from; i < to; i++) {
            int letter = letter(name.charAt(i));
            sum += FOLLOWS[before].charAt(letter) - ZERO;
            before = letter;
        }
        sum += FOLLOWS[before].charAt(EDGE) - ZERO;
        return (double) sum / QUARTERS;
    }

    private static int letter(char c) {
        if (c >= 'a' && c <= 'z') {
            return c - 'a';
        }
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        return c >= '0' && c <= '9' ? DIGIT : HYPHEN;
    }
}
