package io.postern.analytics.flow;

import java.util.Locale;

/** What a flow speaks, by its bytes. The names are those of records, metrics and policy. */
public enum Protocol {
    TLS,
    QUIC,
    HTTP,
    HTTP2,
    WEBSOCKET,
    GRPC,
    DNS,
    SMTP,
    IMAP,
    POP3,
    SSH,
    FTP,
    MQTT,
    STUN,
    DTLS,
    XMPP,
    SOCKS,
    WIREGUARD,
    RDP,
    BITTORRENT,
    MTALK,
    UNKNOWN;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As written in records, metrics and policy: {@code tls}, {@code http2}. */
    public String label() {
        return label;
    }
}
