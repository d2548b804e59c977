package io.postern.gateway.evidence;

import io.postern.wire.ip.HostText;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is told of a personal profile: of a destination its registrable domain only. Where a name is known, what gives more
 * of it away goes as well: the address, the id made of it, the certificate, what
 * is asked for there and by which software. Addresses that were never named stay.
 *
 * <p>Texts for people are mended where they have a name that some member has told before, so what has names in members comes
 * first.
 */
public final class PersonalNames {

    /** Members that hold a name and nothing else. */
    private static final Set<String> NAMES = Set.of("hostname", "sni", "destination", "http_host", "dns_query", "host");

    private static final Set<String> GIVE_AWAY =
            Set.of("certificate", "community_uid", "tenant", "http_path", "http_user_agent");
    private static final String STAR = "*.";

    private final UnaryOperator<String> registrable;
    private final Map<String, String> known = new HashMap<>();

    /** @param registrable the registrable domain of a name in lower case; empty if it has none */
    public PersonalNames(UnaryOperator<String> registrable) {
        this.registrable = registrable;
    }

    /** The same with less in it. */
    public JsonNode less(JsonNode record) {
        JsonNode copy = record.deepCopy();
        boolean named = learn(copy);
        JsonNode to = copy.path("dst_endpoint");
        if (named && to instanceof ObjectNode endpoint) {
            endpoint.remove("ip");
        }
        return mended(copy);
    }

    /** @return whether there is any name */
    private boolean learn(JsonNode node) {
        boolean named = false;
        if (node instanceof ObjectNode object) {
            for (String member : List.copyOf(object.propertyNames())) {
                JsonNode value = object.get(member);
                if (GIVE_AWAY.contains(member)) {
                    object.remove(member);
                } else {
                    named |= NAMES.contains(member) && value.isString() && learn(value.asString());
                    named |= learn(value);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (JsonNode each : array) {
                named |= learn(each);
            }
        }
        return named;
    }

    private boolean learn(String text) {
        String name = (text.startsWith(STAR) ? text.substring(STAR.length()) : text).toLowerCase(Locale.ROOT);
        if (!(HostText.of(name) instanceof HostText.Name)) {
            return false;
        }
        String domain = registrable.apply(name);
        if (!domain.isEmpty() && !domain.equals(name)) {
            known.put(name, domain);
        }
        return true;
    }

    private JsonNode mended(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (String member : List.copyOf(object.propertyNames())) {
                JsonNode value = object.get(member);
                if (value.isString()) {
                    object.put(member, less(value.asString()));
                } else {
                    mended(value);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode value = array.get(i);
                if (value.isString()) {
                    array.set(i, array.stringNode(less(value.asString())));
                } else {
                    mended(value);
                }
            }
        }
        return node;
    }

    private String less(String text) {
        String mended = text;
        // The longest first: one may be the end of another.
        for (String name : known.keySet().stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList()) {
            if (mended.toLowerCase(Locale.ROOT).contains(name)) {
                mended = mended.replaceAll("(?i)\\Q" + name + "\\E", known.getOrDefault(name, ""));
            }
        }
        return mended;
    }
}
