package io.postern.gateway.zeek;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns that are read, of whichever log; all others are passed over. */
enum ZeekField {
    TS("ts"),
    UID("uid"),
    ORIG_H("id.orig_h"),
    ORIG_P("id.orig_p"),
    RESP_H("id.resp_h"),
    RESP_P("id.resp_p"),
    PROTO("proto"),
    SERVICE("service"),
    DURATION("duration"),
    ORIG_BYTES("orig_bytes"),
    RESP_BYTES("resp_bytes"),
    CONN_STATE("conn_state"),
    VERSION("version"),
    CIPHER("cipher"),
    SERVER_NAME("server_name"),
    NEXT_PROTOCOL("next_protocol"),
    ESTABLISHED("established"),
    JA3("ja3"),
    JA3S("ja3s"),
    JA4("ja4"),
    METHOD("method"),
    HOST("host"),
    URI("uri"),
    USER_AGENT("user_agent"),
    REQUEST_BODY_LEN("request_body_len"),
    RESPONSE_BODY_LEN("response_body_len"),
    STATUS_CODE("status_code"),
    TRANS_DEPTH("trans_depth"),
    QUERY("query"),
    QTYPE("qtype"),
    RCODE("rcode"),
    CLIENT_DCID("client_initial_dcid");

    private static final Map<String, ZeekField> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ZeekField::column, Function.identity()));

    private final String column;

    ZeekField(String column) {
        this.column = column;
    }

    String column() {
        return column;
    }

    static @Nullable ZeekField of(String column) {
        return BY_NAME.get(column);
    }
}
