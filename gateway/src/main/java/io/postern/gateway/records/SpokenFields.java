package io.postern.gateway.records;

import io.postern.analytics.flow.InClear.Payload;
import io.postern.gateway.records.TlsFacts.Hello;
import io.postern.wire.http.PathClass;
import io.postern.wire.http.RequestFacts;
import tools.jackson.core.JsonGenerator;

/** What the messages of a flow said and OCSF has no word for. */
final class SpokenFields {
    private SpokenFields() {}

    static void write(JsonGenerator json, Spoken spoken) {
        CappedText.write(json, "carrier", spoken.carrier(), CappedText.LABEL);
        CappedText.write(json, "quic_version", spoken.quicVersion(), CappedText.LABEL);
        if (spoken.question().isPresent()) {
            CappedText.write(json, "dns_query", spoken.question().get().name(), CappedText.NAME);
            json.writeNumberProperty("dns_type", spoken.question().get().type());
        }
        if (spoken.tls().isPresent()) {
            tls(json, spoken.tls().get());
        }
        if (spoken.http().isPresent()) {
            http(json, spoken.http().get());
        }
        if (spoken.webSocket().isPresent()) {
            webSocket(json, spoken.webSocket().get());
        }
        payload(json, "payload_out", spoken.sent());
        payload(json, "payload_in", spoken.received());
    }

    private static void payload(JsonGenerator json, String name, Payload payload) {
        if (payload.measured()) {
            json.writeObjectPropertyStart(name);
            json.writeNumberProperty("bits", payload.bits());
            json.writeNumberProperty("bytes", payload.bytes());
            json.writeBooleanProperty("compressed", payload.compressed());
            json.writeEndObject();
        }
    }

    private static void webSocket(JsonGenerator json, WebSocketFacts messages) {
        json.writeNumberProperty("websocket_messages_out", messages.out());
        json.writeNumberProperty("websocket_messages_in", messages.in());
        json.writeNumberProperty("websocket_fragmented", messages.fragmented());
        json.writeBooleanProperty("websocket_deflated", messages.deflated());
    }

    private static void tls(JsonGenerator json, TlsFacts tls) {
        if (tls.hello().isPresent()) {
            Hello hello = tls.hello().get();
            CappedText.list(json, "alpn", hello.alpn(), CappedText.LABEL);
            json.writeBooleanProperty("ech", hello.ech());
            json.writeBooleanProperty("esni", hello.esni());
            json.writeBooleanProperty("post_quantum", hello.postQuantum());
        }
        CappedText.write(json, "alpn_chosen", tls.answer().flatMap(TlsFacts.Answer::alpn), CappedText.LABEL);
        if (tls.certificate().isPresent()) {
            json.writeStringProperty("certificate_key", tls.certificate().get().keyType());
            json.writeNumberProperty(
                    "certificate_key_bits", tls.certificate().get().keyBits());
        }
    }

    private static void http(JsonGenerator json, HttpFacts http) {
        CappedText.write(json, "http_host", http.host(), CappedText.HOST);
        CappedText.write(json, "http_method", http.method(), CappedText.LABEL);
        CappedText.write(json, "http_path_class", http.path().map(PathClass::label), CappedText.LABEL);
        CappedText.write(json, "http_path", http.target(), RequestFacts.LONGEST_TARGET);
        CappedText.write(json, "http_user_agent", http.userAgent(), CappedText.HOST);
        CappedText.write(json, "http_header_order", http.headerOrder(), CappedText.LABEL);
        json.writeNumberProperty("http_requests", http.requests());
        if (http.status() > 0) {
            json.writeNumberProperty("http_status", http.status());
        }
    }
}
