package io.postern.gateway.records;

import io.postern.analytics.context.Truth;
import io.postern.analytics.flow.AppTag;
import io.postern.analytics.flow.InClear.Naming;
import io.postern.analytics.flow.InClear.Resolved;
import io.postern.config.services.Tenants;
import io.postern.gateway.records.FlowRecord.MatchedRule;
import io.postern.tls.hello.ServerName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** What OCSF has no word for: the members of {@code unmapped.postern}. */
public final class PosternFields {
    /** {@code name_basis} of a name that the device was told the address for. */
    public static final String DNS_MEMORY = "dns-memory";

    private PosternFields() {}

    static void write(JsonGenerator json, FlowRecord flow) {
        json.writeStringProperty("ingress", flow.origin().ingress());
        if (flow.origin().input().isPresent()) {
            CappedText.write(json, "input", flow.origin().input(), CappedText.HOST);
        } else {
            CappedText.write(json, "listener", flow.origin().listener(), CappedText.LABEL);
        }
        whose(json, flow.tag());
        json.writeStringProperty("basis", flow.basis().label());
        json.writeStringProperty("verdict", label(flow.verdict().action()));
        CappedText.write(json, "close_reason", flow.closeReason().map(CloseReason::label), CappedText.LABEL);
        json.writeNumberProperty("setup_micros", flow.setup().toNanos() / 1_000);
        CappedText.list(json, "service_class", flow.serviceClasses(), CappedText.LABEL);
        CappedText.write(json, "tenant", tenant(flow), CappedText.HOST);
        rules(json, flow.rules());
        if (flow.facts().any()) {
            facts(json, flow.facts());
        }
        if (flow.nameVerified().isPresent()) {
            json.writeBooleanProperty("name_verified", flow.nameVerified().get());
        }
        if (flow.destination().host().isEmpty() && flow.toldName().isPresent()) {
            json.writeStringProperty("name_basis", DNS_MEMORY);
        }
        if (flow.resolved() != Resolved.UNKNOWN) {
            json.writeStringProperty("dns_resolved", label(flow.resolved()));
        }
        if (flow.naming() != Naming.ONE) {
            json.writeStringProperty("naming", label(flow.naming()));
        }
        SpokenFields.write(json, flow.spoken());
        if (!flow.evidence().isEmpty()) {
            EvidenceFields.write(json, flow.evidence());
        }
        if (!flow.findings().isEmpty()) {
            CappedText.list(json, "findings", flow.findings(), CappedText.NAME);
        }
        exchanges(json, flow.exchanges());
    }

    static void whose(JsonGenerator json, AppTag tag) {
        CappedText.write(json, "profile", tag.profile(), CappedText.LABEL);
        json.writeStringProperty("device_assurance", tag.deviceAssurance().label());
        json.writeStringProperty("app_assurance", tag.appAssurance().label());
        if (tag.shared()) {
            CappedText.list(json, "app_set", tag.apps(), CappedText.NAME);
        }
    }

    /** Whose part of a platform it is, where the name shows it. */
    private static Optional<String> tenant(FlowRecord flow) {
        return flow.hostname()
                .or(() -> flow.tls().flatMap(TlsFacts::serverName).map(ServerName::text))
                .map(Tenants.shipped()::of)
                .filter(tenant -> !tenant.isEmpty());
    }

    static void rules(JsonGenerator json, List<MatchedRule> rules) {
        json.writeArrayPropertyStart("rules");
        for (MatchedRule rule : CappedText.first(rules)) {
            json.writeStartObject();
            CappedText.write(json, "name", rule.name(), CappedText.NAME);
            json.writeStringProperty("action", label(rule.action()));
            json.writeStringProperty("mode", label(rule.mode()));
            json.writeStringProperty("effect", label(rule.effect()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void facts(JsonGenerator json, KnownFacts facts) {
        json.writeObjectPropertyStart("facts");
        truth(json, "locked", facts.locked());
        truth(json, "background", facts.background());
        truth(json, "managed", facts.managed());
        truth(json, "newly_installed", facts.newlyInstalled());
        truth(json, "just_updated", facts.justUpdated());
        truth(json, "signer_changed", facts.signerChanged());
        if (facts.untouchedMillis() >= 0) {
            json.writeNumberProperty("no_interaction_seconds", facts.untouchedMillis() / 1_000);
        }
        if (!facts.posture().isEmpty()) {
            json.writeArrayPropertyStart("posture");
            facts.posture().forEach(one -> json.writeString(label(one).replace('_', '-')));
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void truth(JsonGenerator json, String name, Truth truth) {
        if (truth.known()) {
            json.writeBooleanProperty(name, truth == Truth.TRUE);
        }
    }

    private static void exchanges(JsonGenerator json, Exchanges exchanges) {
        json.writeArrayPropertyStart("exchanges");
        for (int exchange = 0; exchange < exchanges.count(); exchange++) {
            json.writeStartArray();
            json.writeNumber(exchanges.offsetMillis(exchange));
            json.writeNumber(exchanges.bytesOut(exchange));
            json.writeNumber(exchanges.bytesIn(exchange));
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
