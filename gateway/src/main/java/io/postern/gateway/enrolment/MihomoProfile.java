package io.postern.gateway.enrolment;

import io.postern.gateway.identity.CompactTag;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * Proxies, groups and rules for mihomo: each app's flows through a proxy with its own tag, everything else through the
 * tag of the device itself. With several gateways each app has a proxy per gateway and a group that falls back in their
 * order. The tunnel and which apps enter it are the app's that runs mihomo.
 *
 * <p>UDP is rejected first: a rule whose proxy carries none is passed over, and what no rule takes would leave directly.
 *
 * <p>Fields as of wiki.metacubex.one/en/config: proxies/http, proxies/socks, proxies/tls, proxy-groups/fallback, rules;
 * {@code tls.custom-certifactes} is spelt as its program spells it.
 */
final class MihomoProfile {

    private static final int SECONDS_BETWEEN_PROBES = 300;
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .enable(YAMLWriteFeature.LITERAL_BLOCK_STYLE)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .build();

    private MihomoProfile() {}

    static String of(Enrolment enrolment) {
        Enrolment.Offer offer = enrolment.offer();
        ObjectNode profile = JsonNodeFactory.instance.objectNode();
        profile.put("mode", "rule");
        if (!offer.pem().isEmpty()) {
            profile.putObject("tls").putArray("custom-certifactes").add(offer.pem());
        }
        ArrayNode proxies = profile.putArray("proxies");
        ArrayNode groups = profile.putArray("proxy-groups");
        ArrayNode rules = profile.putArray("rules");
        if (!offer.carriesDatagrams()) {
            rules.add("NETWORK,udp,REJECT");
        }
        for (Map.Entry<String, CompactTag> entry : enrolment.tags().entrySet()) {
            String name = Enrolment.name(entry.getKey());
            proxies(proxies, groups, name, entry.getValue(), offer.gateways());
            if (!entry.getKey().equals(Enrolment.DEVICE_ITSELF)) {
                rules.add("PROCESS-NAME," + entry.getKey() + "," + name);
            }
        }
        rules.add("MATCH," + Enrolment.name(Enrolment.DEVICE_ITSELF));
        if (groups.isEmpty()) {
            profile.remove("proxy-groups");
        }
        return YAML.writeValueAsString(profile);
    }

    private static void proxies(
            ArrayNode proxies, ArrayNode groups, String name, CompactTag tag, List<GatewayAddress> gateways) {
        if (gateways.size() == 1) {
            proxy(proxies.addObject(), name, tag, gateways.get(0));
            return;
        }
        ObjectNode group = groups.addObject().put("name", name).put("type", "fallback");
        ArrayNode members = group.putArray("proxies");
        group.put("url", SingBoxProfile.PROBE).put("interval", SECONDS_BETWEEN_PROBES);
        for (int i = 0; i < gateways.size(); i++) {
            String member = name + "/" + (i + 1);
            members.add(member);
            proxy(proxies.addObject(), member, tag, gateways.get(i));
        }
    }

    private static void proxy(ObjectNode proxy, String name, CompactTag tag, GatewayAddress gateway) {
        proxy.put("name", name).put("type", gateway.socks() ? "socks5" : "http");
        proxy.put("server", gateway.host()).put("port", gateway.port());
        proxy.put("username", tag.user()).put("password", tag.password());
        if (gateway.carriesDatagrams()) {
            proxy.put("udp", true);
        }
        if (gateway.tls()) {
            proxy.put("tls", true);
            // SOCKS has no field for the name: the server's is taken (proxies/tls).
            if (!gateway.socks()) {
                proxy.put("sni", gateway.host());
            }
        }
    }
}
