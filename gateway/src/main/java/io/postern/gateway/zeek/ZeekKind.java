package io.postern.gateway.zeek;

import java.util.Set;

/** Which of Zeek's logs: by its header where it has one, else by the columns that only it has. */
enum ZeekKind {
    CONN,
    /** Of connections that live, as the package zeek-open-connections writes it; what it tells grows from line to line. */
    OPEN_CONN,
    SSL,
    QUIC,
    HTTP,
    DNS,
    OTHER;

    static ZeekKind ofPath(String path) {
        return switch (path) {
            case "conn" -> CONN;
            case "open_conn" -> OPEN_CONN;
            case "ssl" -> SSL;
            case "quic" -> QUIC;
            case "http" -> HTTP;
            case "dns" -> DNS;
            default -> OTHER;
        };
    }

    static ZeekKind ofColumns(Set<ZeekField> columns) {
        if (!columns.contains(ZeekField.TS)) {
            return OTHER;
        }
        if (columns.contains(ZeekField.CONN_STATE)) {
            return CONN;
        }
        if (columns.contains(ZeekField.CLIENT_DCID)) {
            return QUIC;
        }
        if (columns.contains(ZeekField.ESTABLISHED)) {
            return SSL;
        }
        if (columns.contains(ZeekField.TRANS_DEPTH) && columns.contains(ZeekField.REQUEST_BODY_LEN)) {
            return HTTP;
        }
        return columns.contains(ZeekField.QUERY) || columns.contains(ZeekField.QTYPE) ? DNS : OTHER;
    }
}
