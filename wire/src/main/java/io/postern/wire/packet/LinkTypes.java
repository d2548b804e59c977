package io.postern.wire.packet;

/** The LINKTYPE_ values that are read, and those numbers of libpcap's own that some wrote into files instead. */
final class LinkTypes {

    private LinkTypes() {}

    static Layer first(int linkType) {
        return switch (linkType) {
            case 1 -> Layer.ETHERNET;
            case 12, 14, 101, 228, 229 -> Layer.IP;
            case 113 -> Layer.LINUX_SLL;
            case 276 -> Layer.LINUX_SLL2;
            case 0, 108 -> Layer.NULL;
            case 9, 50, 204 -> Layer.PPP;
            case 51 -> Layer.PPPOE;
            case 104 -> Layer.HDLC;
            case 105 -> Layer.WLAN;
            case 119 -> Layer.PRISM;
            case 127 -> Layer.RADIOTAP;
            case 163 -> Layer.AVS;
            case 192 -> Layer.PPI;
            case 239 -> Layer.NFLOG;
            default -> Layer.UNKNOWN_LINK;
        };
    }
}
