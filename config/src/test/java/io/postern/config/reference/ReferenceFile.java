package io.postern.config.reference;

import io.postern.config.document.Shape;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The commented {@code postern.yaml}: every key with its default and why; those without a default commented out. */
final class ReferenceFile {

    private static final String HEAD = """
            # Every setting with its default. Made from postern.schema.json; do not edit.
            # What has no default is commented out. {state.dir} in a path stands for state.dir.
            """;

    private static final int WIDTH = 118;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

    private final StringBuilder file = new StringBuilder(HEAD);
    private final Shape shape;

    private ReferenceFile(Shape shape) {
        this.shape = shape;
    }

    static String of(Shape shape) {
        ReferenceFile reference = new ReferenceFile(shape);
        reference.members(shape.schema(), JsonNodeFactory.instance.objectNode(), "", "");
        return reference.file.toString();
    }

    /**
     * Writes the keys of one mapping.
     *
     * @param indent before every line
     * @param dash before the first key when the mapping is an item of a list
     */
    private void members(JsonNode schema, JsonNode given, String indent, String dash) {
        String lead = indent + dash;
        String blank = indent + " ".repeat(dash.length());
        for (Map.Entry<String, JsonNode> property : schema.get("properties").properties()) {
            String key = property.getKey();
            JsonNode member = shape.resolve(property.getValue());
            JsonNode value = given.has(key) ? given.get(key) : member.path("default");
            boolean top = blank.isEmpty();
            boolean out = value.isMissingNode() && !blank.contains("#");
            file.append(top ? "\n" : "");
            comment(member, lead.equals(blank) ? blank : indent);
            member(key, member, value, (out ? lead + "# " : lead), out ? blank + "# " : blank);
            lead = blank;
        }
    }

    private void member(String key, JsonNode schema, JsonNode value, String lead, String blank) {
        file.append(lead).append(key).append(':');
        JsonNode items = shape.resolve(schema.path("items"));
        if (schema.has("properties")) {
            file.append('\n');
            members(schema, value, blank + "  ", "");
        } else if (value.isArray() && !value.isEmpty() && items.has("properties")) {
            file.append('\n');
            value.forEach(item -> members(items, item, blank + "  ", "- "));
        } else {
            file.append(' ').append(scalar(value)).append('\n');
        }
    }

    private static String scalar(JsonNode value) {
        if (value.isMissingNode()) {
            return "…";
        }
        boolean plain = value.isString() && PLAIN.matcher(value.asString()).matches();
        return plain ? value.asString() : value.toString();
    }

    private void comment(JsonNode schema, String indent) {
        StringBuilder text = new StringBuilder(schema.get("description").asString());
        String type = Wording.type(schema);
        if (!schema.has("properties") && !type.equals("list") && !type.equals("mapping")) {
            String bounds = Wording.bounds(schema);
            text.append(" (")
                    .append(type)
                    .append(bounds.isEmpty() ? "" : "; " + bounds)
                    .append(')');
        }
        String lead = indent + "# ";
        StringBuilder line = new StringBuilder(lead);
        for (String word : text.toString().split(" ", -1)) {
            if (line.length() + word.length() > WIDTH) {
                file.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(lead);
            }
            line.append(word).append(' ');
        }
        file.append(line.toString().stripTrailing()).append('\n');
    }
}
