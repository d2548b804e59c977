package io.postern.config.reference;

import io.postern.config.document.Shape;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The commented {@code postern.yaml}: every key with its default and why; those without a default commented out. */
final class ReferenceFile {

    private static final String HEAD =
            """
            # Every setting with its default. Made from postern.schema.json; do not edit.
            # Lines of settings that have no default are commented out.
            """;

    private final StringBuilder file = new StringBuilder(HEAD);
    private final Shape shape;

    private ReferenceFile(Shape shape) {
        this.shape = shape;
    }

    static String of(Shape shape) {
        ReferenceFile reference = new ReferenceFile(shape);
        reference.members(shape.schema(), JsonNodeFactory.instance.objectNode(), "", false);
        return reference.file.toString();
    }

    private void members(JsonNode schema, JsonNode given, String indent, boolean off) {
        boolean first = true;
        for (Map.Entry<String, JsonNode> property : schema.get("properties").properties()) {
            JsonNode member = shape.resolve(property.getValue());
            if (indent.isEmpty()) {
                file.append('\n');
            }
            // The first key of a list's item follows its dash, and the comment stands above both.
            boolean dashed = first && indent.endsWith("- ");
            String blank = indent.replace('-', ' ');
            JsonNode value = given.has(property.getKey()) ? given.get(property.getKey()) : member.path("default");
            boolean without = off || value.isMissingNode();
            comment(member, dashed ? indent.substring(0, indent.length() - 2) : blank);
            String lead = (without ? "# " : "") + (dashed ? indent : blank);
            key(lead, property.getKey(), member, value, blank, without);
            first = false;
        }
    }

    private void comment(JsonNode schema, String indent) {
        String type = Wording.type(schema);
        String bounds = Wording.bounds(schema);
        file.append(indent).append("# ").append(schema.get("description").asString());
        if (!schema.has("properties") && !type.equals("list") && !type.equals("mapping")) {
            file.append(" (").append(type).append(bounds.isEmpty() ? "" : "; " + bounds).append(')');
        }
        file.append('\n');
    }

    private void key(String lead, String key, JsonNode schema, JsonNode value, String indent, boolean off) {
        file.append(lead).append(key).append(':');
        JsonNode items = shape.resolve(schema.path("items"));
        if (schema.has("properties")) {
            file.append('\n');
            members(schema, value, indent + "  ", off);
        } else if (value.isArray() && items.has("properties")) {
            file.append('\n');
            value.forEach(item -> members(items, item, indent + "  - ", off));
        } else {
            file.append(' ').append(value.isMissingNode() ? "…" : value.toString()).append('\n');
        }
    }
}
