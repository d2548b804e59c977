package io.postern.gateway.records;

import io.postern.gateway.records.TlsFacts.Hello;
import io.postern.tls.cert.CertificateFacts;
import io.postern.tls.hello.ServerName;

/** The {@code tls} object of OCSF 1.4 and the fingerprints beside it. */
final class OcsfTls {
    private static final int MD5 = 1;
    private static final int JA4 = 1;
    private static final int ALPN = 16;

    private OcsfTls() {}

    static void write(JsonLine json, TlsFacts tls) {
        json.writeObjectPropertyStart("tls");
        CappedText.write(json, "version", tls.version(), CappedText.LABEL);
        CappedText.write(json, "sni", tls.serverName().map(ServerName::text), CappedText.NAME);
        if (tls.hello().flatMap(Hello::ja3).isPresent()) {
            md5(json, "ja3_hash", tls.hello().flatMap(Hello::ja3).get());
        }
        if (tls.answer().isPresent()) {
            CappedText.write(json, "cipher", tls.answer().get().cipher(), CappedText.LABEL);
            md5(json, "ja3s_hash", tls.answer().get().ja3s());
        }
        if (!tls.alpn().isEmpty()) {
            // OCSF 1.4 has no attribute for it but the list of extensions.
            json.writeArrayPropertyStart("tls_extension_list");
            json.writeStartObject();
            json.writeNumberProperty("type_id", ALPN);
            json.writeStringProperty("type", "application_layer_protocol_negotiation");
            CappedText.list(json, "data", tls.alpn(), CappedText.LABEL);
            json.writeEndObject();
            json.writeEndArray();
        }
        if (tls.certificate().isPresent()) {
            certificate(json, tls.certificate().get());
        }
        json.writeEndObject();
        ja4(json, tls);
    }

    private static void md5(JsonLine json, String name, String value) {
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty("algorithm_id", MD5);
        json.writeStringProperty("algorithm", "MD5");
        CappedText.write(json, "value", value, CappedText.LABEL);
        json.writeEndObject();
    }

    private static void certificate(JsonLine json, CertificateFacts certificate) {
        json.writeObjectPropertyStart("certificate");
        CappedText.write(json, "subject", certificate.commonName(), CappedText.NAME);
        CappedText.write(json, "issuer", certificate.issuer(), CappedText.NAME);
        json.writeNumberProperty("created_time", certificate.notBefore().toEpochMilli());
        json.writeNumberProperty("expiration_time", certificate.notAfter().toEpochMilli());
        json.writeBooleanProperty("is_self_signed", certificate.selfSigned() != CertificateFacts.SelfSigned.NO);
        json.writeEndObject();
    }

    private static void ja4(JsonLine json, TlsFacts tls) {
        if (tls.hellos().stream().noneMatch(hello -> hello.ja4().isPresent())) {
            return;
        }
        json.writeArrayPropertyStart("ja4_fingerprint_list");
        tls.hellos().stream().flatMap(hello -> hello.ja4().stream()).distinct().forEach(value -> {
            json.writeStartObject();
            json.writeNumberProperty("type_id", JA4);
            json.writeStringProperty("type", "JA4");
            CappedText.write(json, "value", value, CappedText.LABEL);
            json.writeEndObject();
        });
        json.writeEndArray();
    }
}
