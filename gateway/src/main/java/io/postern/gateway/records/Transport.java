package io.postern.gateway.records;

/** What carries a flow, with its IANA protocol number. */
public enum Transport {
    TCP(6, "tcp"),
    UDP(17, "udp");

    private final int number;
    private final String label;

    Transport(int number, String label) {
        this.number = number;
        this.label = label;
    }

    int number() {
        return number;
    }

    public String label() {
        return label;
    }
}
