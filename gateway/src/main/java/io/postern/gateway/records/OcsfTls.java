package io.postern.gateway.records;

import io.postern.gateway.records.TlsFacts.Hello;
import io.postern.tls.cert.CertificateFacts;
import io.postern.tls.hello.ServerName;
import java.util.regex.Pattern;
import tools.jackson.core.JsonGenerator;

/** The {@code tls} object of OCSF 1.4 and the fingerprints beside it. */
final class OcsfTls {
    private static final int MD5 = 1;
    private static final int SHA_256 = 3;
    private static final int JA4 = 1;
    private static final int ALPN = 16;
    private static final Pattern IPV4 = Pattern.compile("[0-9.]+");

    private OcsfTls() {}

    static void write(JsonGenerator json, TlsFacts tls) {
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

    private static void md5(JsonGenerator json, String name, String value) {
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty("algorithm_id", MD5);
        json.writeStringProperty("algorithm", "MD5");
        CappedText.write(json, "value", value, CappedText.LABEL);
        json.writeEndObject();
    }

    private static void certificate(JsonGenerator json, CertificateFacts certificate) {
        json.writeObjectPropertyStart("certificate");
        CappedText.write(json, "subject", certificate.commonName(), CappedText.NAME);
        CappedText.write(json, "issuer", certificate.issuer(), CappedText.NAME);
        CappedText.write(json, "serial_number", certificate.serial(), CappedText.NAME);
        json.writeArrayPropertyStart("fingerprints");
        json.writeStartObject();
        json.writeNumberProperty("algorithm_id", SHA_256);
        json.writeStringProperty("algorithm", "SHA-256");
        json.writeStringProperty("value", certificate.sha256());
        json.writeEndObject();
        json.writeEndArray();
        json.writeArrayPropertyStart("sans");
        for (String name : CappedText.first(certificate.names())) {
            json.writeStartObject();
            CappedText.write(json, "name", name, CappedText.NAME);
            json.writeStringProperty(
                    "type", name.indexOf(':') >= 0 || IPV4.matcher(name).matches() ? "IP" : "DNS");
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberProperty("created_time", certificate.notBefore().toEpochMilli());
        json.writeNumberProperty("expiration_time", certificate.notAfter().toEpochMilli());
        json.writeBooleanProperty("is_self_signed", certificate.selfSigned() != CertificateFacts.SelfSigned.NO);
        json.writeEndObject();
    }

    private static void ja4(JsonGenerator json, TlsFacts tls) {
        // Of two hellos at most, the second often the first again.
        String first = "";
        for (Hello hello : tls.hellos()) {
            String value = hello.ja4().orElse("");
            if (value.equals(first)) {
                continue;
            }
            if (first.isEmpty()) {
                json.writeArrayPropertyStart("ja4_fingerprint_list");
            }
            first = value;
            json.writeStartObject();
            json.writeNumberProperty("type_id", JA4);
            json.writeStringProperty("type", "JA4");
            CappedText.write(json, "value", value, CappedText.LABEL);
            json.writeEndObject();
        }
        if (!first.isEmpty()) {
            json.writeEndArray();
        }
    }
}
