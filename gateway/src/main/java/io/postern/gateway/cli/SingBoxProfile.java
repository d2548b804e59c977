package io.postern.gateway.cli;

import io.postern.gateway.identity.CompactTag;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The outbounds and routes of a sing-box profile: each app's flows through an outbound with its own tag, everything
 * else through the tag of the device itself. Put together with a profile that has the tunnel's inbound.
 */
final class SingBoxProfile {

    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String UNATTRIBUTED = "unattributed";

    private SingBoxProfile() {}

    static String of(Enrolment enrolment) {
        ObjectNode profile = JsonNodeFactory.instance.objectNode();
        ArrayNode outbounds = profile.putArray("outbounds");
        ObjectNode route = profile.putObject("route");
        ArrayNode rules = route.putArray("rules");
        // Apps dial addresses; sniffing gives the gateway's rules a name where there is one.
        rules.addObject().put("action", "sniff");
        for (Map.Entry<String, CompactTag> entry : enrolment.tags().entrySet()) {
            boolean itself = entry.getKey().equals(Enrolment.DEVICE_ITSELF);
            String name = itself ? UNATTRIBUTED : "app-" + entry.getKey();
            outbounds.add(outbound(name, entry.getValue(), enrolment));
            if (!itself) {
                ObjectNode rule = rules.addObject();
                rule.putArray("package_name").add(entry.getKey());
                rule.put("action", "route").put("outbound", name);
            }
        }
        route.put("final", UNATTRIBUTED);
        return PRETTY.writeValueAsString(profile) + "\n";
    }

    private static ObjectNode outbound(String name, CompactTag tag, Enrolment enrolment) {
        GatewayAddress gateway = enrolment.gateway();
        ObjectNode outbound = JsonNodeFactory.instance.objectNode();
        outbound.put("type", gateway.socks() ? "socks" : "http").put("tag", name);
        outbound.put("server", gateway.host()).put("server_port", gateway.port());
        outbound.put("username", tag.user()).put("password", tag.password());
        if (gateway.socks()) {
            outbound.put("version", "5").put("network", "tcp");
        }
        if (gateway.tls()) {
            ObjectNode tls = outbound.putObject("tls").put("enabled", true);
            tls.put("server_name", gateway.host());
            if (!enrolment.certificates().isEmpty()) {
                enrolment.certificates().forEach(tls.putArray("certificate")::add);
            }
        }
        return outbound;
    }
}
