package io.postern.config.document;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.AnnotationKeyword;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a document must look like: a JSON Schema (draft 2020-12), the one place of every key, its reason, its bounds and
 * its default. Beyond the draft's keywords it knows
 *
 * <pre>
 * x-minimum, x-maximum   bounds of a duration or a size
 * x-grammar              a pattern in words
 * x-later                keys or values of a later version, refused by that name
 * </pre>
 */
public final class Shape {

    private static final List<String> ANNOTATIONS = List.of("x-minimum", "x-maximum", "x-grammar", "x-later");

    /** What a reference may be given anew, for it checks nothing. */
    private static final Set<String> SAYING = Set.of("title", "description", "default", "examples", "x-grammar");

    private final JsonNode root;
    private final Schema schema;
    private final Form form;
    /** Of each reference that was met, with what stands beside it. Schemas have no equality that is cheap. */
    private final Map<JsonNode, JsonNode> resolved = Collections.synchronizedMap(new IdentityHashMap<>());

    Shape(JsonNode root) {
        this.root = root;
        Dialect draft = Dialects.getDraft202012();
        Dialect dialect = Dialect.builder(draft.getId(), draft)
                .keywords(ANNOTATIONS.stream().map(AnnotationKeyword::new).toList())
                .build();
        this.schema = SchemaRegistry.withDialect(dialect).getSchema(root);
        this.form = Form.of(root, this, new IdentityHashMap<>());
    }

    /** Reads a schema beside the given class; that it is there and well-formed is the build's business. */
    public static Shape of(Class<?> beside, String resource) {
        try (@Nullable InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return new Shape(JsonMapper.shared().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The schema as shipped. */
    public JsonNode schema() {
        return root;
    }

    /**
     * Tells every way in which a document is not of this shape, and gives back what is: defaults filled in, refused
     * values replaced by their default or left out. So a reader can go on and tell the rest as well; problems with a
     * replacement are not told again.
     *
     * @return empty when not even the root is of this shape
     */
    public Optional<Setting> settle(Setting document, Problems problems) {
        Set<Setting> refused = Collections.newSetFromMap(new IdentityHashMap<>());
        if (!form.fits(document)) {
            for (Error error : validate(document)) {
                refused.add(new Complaint(error, document, this).tell(problems));
            }
        }
        return new Settling(refused, problems).settle(document, form);
    }

    /** What the validator has against it, which takes its time. */
    List<Error> validate(Setting document) {
        return schema.validate(document.value());
    }

    /** Whether it is of this shape, said at once. */
    boolean fits(Setting document) {
        return form.fits(document);
    }

    /** A schema with its {@code $ref} followed; keywords beside the reference are stronger. */
    public JsonNode resolve(JsonNode schema) {
        if (!schema.has("$ref")) {
            return schema;
        }
        return resolved.computeIfAbsent(schema, this::followed);
    }

    private JsonNode followed(JsonNode schema) {
        JsonNode target = at(schema.get("$ref").asString().substring(1));
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        target.properties().forEach(entry -> merged.set(entry.getKey(), entry.getValue()));
        schema.properties().forEach(entry -> merged.set(entry.getKey(), stronger(target, entry)));
        merged.remove("$ref");
        return merged;
    }

    /** The validator asks both, so what is beside a reference may narrow what is behind it and not widen it. */
    private static JsonNode stronger(JsonNode target, Map.Entry<String, JsonNode> beside) {
        JsonNode behind = target.path(beside.getKey());
        boolean says = behind.isMissingNode() || SAYING.contains(beside.getKey());
        boolean narrows = beside.getKey().equals("type") && behind.valueStream().anyMatch(beside.getValue()::equals);
        if (!says && !narrows) {
            throw new IllegalStateException("schema has another " + beside.getKey() + " beside a reference");
        }
        return beside.getValue();
    }

    private JsonNode at(String pointer) {
        JsonNode found = root.at(pointer);
        if (!found.isObject()) {
            throw new IllegalStateException("schema has nothing at " + pointer);
        }
        return found;
    }
}
