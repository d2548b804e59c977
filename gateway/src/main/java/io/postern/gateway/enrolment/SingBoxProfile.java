package io.postern.gateway.enrolment;

import io.postern.gateway.identity.CompactTag;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A profile for sing-box 1.12 and later on Android: only the apps enter the tunnel (all do where {@code -} is asked
 * for), each app's flows leave through an outbound with its own tag, everything else through the tag of the device
 * itself. With several gateways each app has an outbound per gateway and a group that tests them.
 *
 * <p>Outbounds of type http carry no UDP: it is refused in the device, so that QUIC falls back to TCP at once. Names are
 * answered with addresses that stand for them (fakeip), so that the gateway hears names and resolves them itself. What else apps ask (HTTPS, SVCB, …) is refused: it would
 * tell their names to the resolver of the network below.
 *
 * <p>Fields as of sing-box.sagernet.org/configuration: inbound/tun, outbound/http, outbound/socks, outbound/urltest,
 * dns/server/fakeip, dns/server/local, dns/rule, dns/rule_action, route, route/rule, route/rule_action, shared/tls.
 */
final class SingBoxProfile {

    /** Each app's group asks this through each gateway: a check of connectivity that policy must let pass. */
    static final String PROBE = "http://connectivitycheck.gstatic.com/generate_204";

    private static final String SYSTEM = "system";
    private static final String NAMES = "names";

    private SingBoxProfile() {}

    static String of(Enrolment enrolment) {
        ObjectNode profile = JsonNodeFactory.instance.objectNode();
        names(profile.putObject("dns"));
        tunnel(profile.putArray("inbounds").addObject(), enrolment.who());
        ArrayNode outbounds = profile.putArray("outbounds");
        ObjectNode route = profile.putObject("route");
        ArrayNode rules = route.putArray("rules");
        rules.addObject().put("port", 53).put("action", "hijack-dns");
        if (!enrolment.offer().carriesDatagrams()) {
            rules.addObject().put("network", "udp").put("action", "reject");
        }
        // Where an app dials an address all the same, sniffing still finds the name in its bytes.
        rules.addObject().put("action", "sniff");
        for (Map.Entry<String, CompactTag> entry : enrolment.tags().entrySet()) {
            String name = Enrolment.name(entry.getKey());
            outbounds(outbounds, name, entry.getValue(), enrolment.offer());
            if (!entry.getKey().equals(Enrolment.DEVICE_ITSELF)) {
                ObjectNode rule = rules.addObject();
                rule.putArray("package_name").add(entry.getKey());
                rule.put("action", "route").put("outbound", name);
            }
        }
        route.put("final", Enrolment.name(Enrolment.DEVICE_ITSELF));
        route.put("auto_detect_interface", true).put("default_domain_resolver", SYSTEM);
        return Pretty.text(profile);
    }

    private static void names(ObjectNode dns) {
        ArrayNode servers = dns.putArray("servers");
        servers.addObject().put("type", "local").put("tag", SYSTEM);
        servers.addObject()
                .put("type", "fakeip")
                .put("tag", NAMES)
                .put("inet4_range", "198.18.0.0/15")
                .put("inet6_range", "fc00::/18");
        ArrayNode rules = dns.putArray("rules");
        addresses(rules.addObject()).put("server", NAMES);
        // Every time, for after 50 in 30 s sing-box would leave apps without an answer.
        addresses(rules.addObject()).put("invert", true).put("action", "reject").put("no_drop", true);
        // Asked by sing-box itself for the gateways' names, past the rules.
        dns.put("final", SYSTEM);
    }

    private static ObjectNode addresses(ObjectNode rule) {
        rule.putArray("query_type").add("A").add("AAAA");
        return rule;
    }

    private static void tunnel(ObjectNode tun, Enrollee who) {
        tun.put("type", "tun").put("tag", "tunnel");
        tun.putArray("address").add("172.18.0.1/30").add("fdfe:dcba:9876::1/126");
        tun.put("auto_route", true).put("strict_route", true);
        if (!who.wholeProfile()) {
            who.packages().forEach(tun.putArray("include_package")::add);
        }
    }

    private static void outbounds(ArrayNode outbounds, String name, CompactTag tag, Enrolment.Offer offer) {
        List<GatewayAddress> gateways = offer.gateways();
        if (gateways.size() == 1) {
            outbound(outbounds.addObject(), name, tag, gateways.get(0), offer);
            return;
        }
        ObjectNode group = outbounds.addObject().put("type", "urltest").put("tag", name);
        ArrayNode members = group.putArray("outbounds");
        group.put("url", PROBE).put("interval", "5m").put("idle_timeout", "30m");
        for (int i = 0; i < gateways.size(); i++) {
            String member = name + "/" + (i + 1);
            members.add(member);
            outbound(outbounds.addObject(), member, tag, gateways.get(i), offer);
        }
    }

    private static void outbound(
            ObjectNode outbound, String name, CompactTag tag, GatewayAddress gateway, Enrolment.Offer offer) {
        outbound.put("type", gateway.socks() ? "socks" : "http").put("tag", name);
        outbound.put("server", gateway.host()).put("server_port", gateway.port());
        outbound.put("username", tag.user()).put("password", tag.password());
        if (gateway.socks()) {
            outbound.put("version", "5");
            if (!offer.carriesDatagrams()) {
                outbound.put("network", "tcp");
            }
        }
        if (gateway.tls()) {
            ObjectNode tls = outbound.putObject("tls").put("enabled", true);
            tls.put("server_name", gateway.host());
            if (!offer.certificates().isEmpty()) {
                offer.certificates().forEach(tls.putArray("certificate")::add);
            }
        }
    }
}
